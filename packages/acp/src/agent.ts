import { type AgentEvent, BatonError, type CodingAgent, type ModelPrice } from '@baton/core';
import {
  type AgentProgram,
  askingInstructions,
  createProgramAgent,
  type ModelProtocol,
  type ProgramAgentOptions,
  type ProgramTurnEnd,
  type TakeProgramTurn,
} from '@baton/model-proxy';
import { type AcpProgram, type LaunchSettings, launchAgent, usualVariables } from './command.js';
import { presets } from './presets.js';
import { runAcpTurn } from './run-acp-turn.js';
import { mapAcpTurnEnd } from './turn-end.js';

/** How an agent that speaks the Agent Client Protocol is made. */
export interface AcpAgentOptions extends ProgramAgentOptions {
  /** Default `acp`. */
  readonly id?: string;
  readonly agent: AcpProgram;
  /** What the agent speaks with its model. Default: the preset's own; without one it has to be said. */
  readonly protocol?: ModelProtocol;
  /** The only model that it may ask. Presets need it. Default: any that the key may use. */
  readonly model?: string;
  /** Where the model answers. Default: `https://api.anthropic.com` or `https://api.openai.com/v1`. */
  readonly baseUrl?: string;
  /** Stays in the daemon. Null: there is none, which a turn tells, unless `keyEnv` is null. */
  readonly key: string | null;
  /** Where the key comes from, for messages. Null: the address asks for none. Default by protocol. */
  readonly keyEnv?: string | null;
  /**
   * Added to the environment, which is built from empty. `{endpoint}`, `{key}`, `{home}` and `{model}` in a value
   * stand for the model's address inside, what is used there in place of the key, a directory that is kept over
   * restarts, and `model`. The agent can read it, so it holds no secret. Default: nothing.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the model has no price, its cost is unknown, and a limit in money can't hold it back. */
  price(model: string): ModelPrice | null;
  /** What the summary of a turn passes before it is cut. Default: nothing is masked. */
  readonly mask?: (text: string) => string;
}

const defaultBaseUrls: Readonly<Record<ModelProtocol, string>> = {
  'anthropic-messages': 'https://api.anthropic.com',
  'openai-responses': 'https://api.openai.com/v1',
  'openai-chat': 'https://api.openai.com/v1',
};

/** Where a session stands that another process can go on with. */
type Position = {
  readonly session: string;
};

/**
 * Any agent of the Agent Client Protocol as a coding agent: the program runs once per turn in the workspace's
 * sandbox, reaches its model through a proxy that holds the key and keeps the limits, and goes on with its session
 * in the next turn, or in another process, where it can.
 */
export function createAcpAgent(options: AcpAgentOptions): CodingAgent {
  const { agent: program, model = null, env = {}, id = 'acp' } = options;
  const protocol = chooseProtocol(options, id);
  if (model === null && 'preset' in program) throw wrong(id, 'model', `The preset ${program.preset} needs a model.`);
  const { baseUrl = defaultBaseUrls[protocol], keyEnv = usualVariables[protocol].key } = options;
  const launch: LaunchSettings = { id, program, protocol, model, env };
  return createProgramAgent<Position>({
    ...options,
    ...{ id, model, protocol, baseUrl, keyEnv },
    baseUrlVariable: usualVariables[protocol].address,
    models: model === null ? null : [model],
    price: (name) => options.price(name),
    program: mapProgram(program, env),
    withoutKey: 'unavailable',
    readPosition,
    sessionName: ({ session }) => session,
    beginSession: () => createTurnTaker(launch),
  });
}

/** Takes the turns of one session. */
function createTurnTaker(launch: LaunchSettings): TakeProgramTurn<Position> {
  let firstPrompt: string | null = null;
  return async function* take(turn): AsyncGenerator<AgentEvent, ProgramTurnEnd> {
    const { prompt, instructions, proxy, workspace, limits, clock, signal, hold } = turn;
    const earlier = firstPrompt;
    firstPrompt ??= prompt;
    yield { type: 'turn-start', model: launch.model };
    const run = runAcpTurn({
      ...{ adapter: launch.id, proxy, workspace, limits, clock, signal },
      session: turn.position?.session ?? null,
      launch: (channel) => launchAgent(launch, workspace, channel),
      text: { next: prompt, whole: join(instructions, askingInstructions, earlier ?? '', prompt) },
      onSession: (found) => turn.keep(found.lasts ? { session: found.id } : null),
    });
    hold(run.ended).catch(() => {});
    try {
      yield* run.events;
      return mapAcpTurnEnd(await run.ended);
    } catch (error) {
      await run.ended.catch(() => {});
      // Whoever ended the turn hears first what the call came to that was under way.
      const usage = run.usage();
      if (usage !== null) yield { type: 'usage', usage };
      throw error;
    } finally {
      // Reached early only by an abort, on which the agent ends.
      await run.ended.catch(() => {});
    }
  };
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

function mapProgram(program: AcpProgram, env: Readonly<Record<string, string>>): AgentProgram {
  if ('run' in program) return { kind: 'line', run: program.run, env };
  const preset = presets[program.preset];
  return {
    kind: 'released',
    path: program.program ?? preset.program,
    release: {
      ...{
        check: program.preset,
        name: program.preset,
        package: preset.package,
        oldest: null,
        told: 'within',
        env: {},
      },
      parseVersion: (printed) => printed.trim().slice(-200).toWellFormed(),
    },
  };
}

function chooseProtocol({ agent, protocol }: AcpAgentOptions, id: string): ModelProtocol {
  if ('run' in agent) {
    if (agent.run.trim() === '') throw wrong(id, 'run', `The agent ${id} has nothing to run.`);
    if (protocol !== undefined) return protocol;
    throw wrong(id, 'protocol', `Nothing says what the agent ${id} speaks with its model.`);
  }
  const { protocols } = presets[agent.preset];
  const chosen = protocol ?? protocols[0];
  if (protocols.includes(chosen)) return chosen;
  throw wrong(id, 'protocol', `The preset ${agent.preset} can't speak ${chosen}, only ${protocols.join(', ')}.`);
}

function wrong(id: string, setting: string, message: string): BatonError {
  return new BatonError('CONFIG_INVALID', message, { details: { setting }, adapter: id, fix: `Set ${setting}.` });
}

function readPosition(data: object): Position | null {
  const session = 'session' in data ? data.session : null;
  return typeof session === 'string' && session !== '' ? { session } : null;
}
