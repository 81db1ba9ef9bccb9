import { createTurnSession, type Turn, toldSession } from '@baton/agent-kit';
import {
  type AgentEvent,
  type AgentResumeState,
  type AgentSession,
  type AgentStart,
  type AgentUsage,
  BatonError,
  type Clock,
  type CodingAgent,
  type ModelPrice,
  type Sandbox,
} from '@baton/core';
import { askingInstructions, createModelProxy, type ModelProtocol, type ModelProxy } from '@baton/model-proxy';
import { type AcpProgram, type LaunchSettings, launchAgent, usualVariables } from './command.js';
import { diagnoseAcp } from './diagnose.js';
import { presets } from './presets.js';
import { runAcpTurn } from './run-acp-turn.js';
import { mapAcpTurnEnd } from './turn-end.js';

/** How an agent that speaks the Agent Client Protocol is made. */
export interface AcpAgentOptions {
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
   * What it may ask of its model beyond what is known of the protocol, by the names that refusals tell, such as
   * `anthropic-beta=some-2026-01-01`. Default: nothing.
   */
  readonly allow?: readonly string[];
  /** Where `diagnose` tries the program. Default: it isn't tried. */
  readonly sandbox?: Sandbox;
  /**
   * Added to the environment, which is built from empty. `{endpoint}`, `{key}`, `{home}` and `{model}` in a value
   * stand for the model's address inside, what is used there in place of the key, a directory that is kept over
   * restarts, and `model`. The agent can read it, so it holds no secret. Default: nothing.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the model has no price, its cost is unknown, and a limit in money can't hold it back. */
  price(model: string): ModelPrice | null;
  readonly clock: Clock;
  /** What the summary of a turn passes before it is cut. Default: nothing is masked. */
  readonly mask?: (text: string) => string;
}

const checkpointVersion = 1;

const nothingUsed: AgentUsage = {
  ...{ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, microUsd: 0 },
  basis: 'computed',
};

const defaultBaseUrls: Readonly<Record<ModelProtocol, string>> = {
  'anthropic-messages': 'https://api.anthropic.com',
  'openai-responses': 'https://api.openai.com/v1',
  'openai-chat': 'https://api.openai.com/v1',
};

/**
 * Any agent of the Agent Client Protocol as a coding agent: the program runs once per turn in the workspace's
 * sandbox, reaches its model through a proxy that holds the key and keeps the limits, and goes on with its session
 * in the next turn, or in another process, where it can.
 */
export function createAcpAgent(options: AcpAgentOptions): CodingAgent {
  const { clock, agent: program, mask = (text) => text } = options;
  const id = options.id ?? 'acp';
  const protocol = chooseProtocol(options, id);
  const model = options.model ?? null;
  if (model === null && 'preset' in program) throw wrong(id, 'model', `The preset ${program.preset} needs a model.`);
  const proxy = createModelProxy({
    adapter: id,
    protocol,
    baseUrlVariable: usualVariables[protocol].address,
    baseUrl: options.baseUrl ?? defaultBaseUrls[protocol],
    key: options.key,
    models: model === null ? null : [model],
    allow: options.allow ?? [],
    price: (name) => options.price(name),
    clock,
  });
  const launch: LaunchSettings = { id, program, protocol, model, env: options.env ?? {} };
  const keyEnv = options.keyEnv === undefined ? usualVariables[protocol].key : options.keyEnv;
  const missingKey = options.key === null ? keyEnv : null;
  let sessions = 0;
  const begin = (start: AgentStart, session: string | null): AgentSession =>
    createAcpSession({ launch, proxy, clock, missingKey, mask }, `${id}-${++sessions}`, start, session);
  return {
    spec: 'coding-agent/1',
    id,
    async start(request, call) {
      call?.signal?.throwIfAborted();
      return begin(request, null);
    },
    async resume({ state, ...request }, call) {
      call?.signal?.throwIfAborted();
      return begin(request, mapSession(state, id));
    },
    diagnose: (trial) =>
      diagnoseAcp({ program, env: launch.env, keyEnv, missingKey, sandbox: options.sandbox ?? null }, trial),
  };
}

function createAcpSession(
  parts: {
    readonly launch: LaunchSettings;
    readonly proxy: ModelProxy;
    readonly clock: Clock;
    readonly missingKey: string | null;
    readonly mask: (text: string) => string;
  },
  id: string,
  { workspace, instructions }: AgentStart,
  first: string | null,
): AgentSession {
  const { launch, proxy, clock, missingKey, mask } = parts;
  const agent = launch.id;
  let session = first;
  let firstPrompt: string | null = null;
  const checkpoint = (): AgentEvent | null =>
    session === null
      ? null
      : {
          type: 'checkpoint',
          state: { agent, version: checkpointVersion, data: { session }, ...toldSession(session) },
        };

  async function* takeTurn({ prompt, limits, signal, hold }: Turn): AsyncGenerator<AgentEvent> {
    const earlier = firstPrompt;
    firstPrompt ??= prompt;
    yield { type: 'turn-start', model: launch.model };
    if (missingKey !== null) {
      const outcome = { unified: 'unavailable' as const, raw: 'AUTH_FAILED' };
      const summary = `${missingKey} is not set.\nSet ${missingKey} in the environment of the daemon.`;
      return yield { type: 'turn-end', outcome, usage: nothingUsed, summary };
    }
    const run = runAcpTurn({
      ...{ adapter: agent, proxy, workspace, session, limits, clock, signal },
      launch: (channel) => launchAgent(launch, workspace, channel),
      text: { next: prompt, whole: join(instructions, askingInstructions, earlier ?? '', prompt) },
      onSession(found) {
        session = found.lasts ? found.id : null;
        return checkpoint();
      },
    });
    hold(run.ended).catch(() => {});
    try {
      yield* run.events;
      const end = await run.ended;
      const last = checkpoint();
      if (last !== null) yield last;
      yield mapAcpTurnEnd(end, mask);
    } finally {
      // Reached early only by an abort, on which the agent ends.
      await run.ended.catch(() => {});
    }
  }

  return createTurnSession({ id, agent, takeTurn });
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
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

function mapSession({ agent, version, data }: AgentResumeState, id: string): string {
  if (agent === id && version === checkpointVersion && typeof data === 'object' && data !== null && 'session' in data) {
    const { session } = data;
    if (typeof session === 'string' && session !== '') return session;
  }
  const message = `The checkpoint is not one of the agent ${id}, version ${checkpointVersion}.`;
  throw new BatonError('PROTOCOL_VIOLATION', message, {
    details: { received: `${agent}, version ${version}` },
    adapter: id,
  });
}
