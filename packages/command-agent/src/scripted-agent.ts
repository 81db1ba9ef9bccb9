import { readFile } from 'node:fs/promises';
import { createTurnSession, type Turn } from '@baton/agent-kit';
import {
  type AgentEvent,
  type AgentResumeState,
  type AgentSession,
  type AgentStart,
  BatonError,
  type Clock,
  type CodingAgent,
} from '@baton/core';
import { checkScript, parseScript, type Script, type ScriptedStep } from './script.js';
import { takeStep } from './scripted-step.js';

/** How a scripted agent is made: from a script, or from a YAML file that holds one. */
export type ScriptedAgentOptions = {
  /** Default `scripted`. */
  readonly id?: string;
  /** Delays and deadlines go by it. */
  readonly clock: Clock;
} & (
  | { readonly script: Script }
  /** Absolute. Read when the first session starts. */
  | { readonly file: string }
);

/** Where a session stands. `issue` is null until a prompt named one. */
interface Position {
  readonly turn: number;
  readonly issue: string | null;
}

const checkpointVersion = 1;
const turnLine = /^Turn:[^\S\n]*(\d+)[^\S\n]*$/m;
const issueLine = /^Issue:[^\S\n]*(\S+)[^\S\n]*$/m;

/**
 * A coding agent that does what a script says, for demonstrations and tests. Which issue it works on it takes
 * from the first line `Issue: <key>` of a prompt; a line `Turn: <n>` says which step is due. Without one the session's
 * first turn takes the first step of that issue, and so on. Turns past the last step change nothing. It tells a checkpoint when a turn begins and when its work is
 * done, and can be resumed from either.
 */
export function createScriptedAgent(options: ScriptedAgentOptions): CodingAgent {
  const id = options.id ?? 'scripted';
  const { clock } = options;
  let script = 'script' in options ? checkScript(options.script, 'The script', id) : null;
  const load = async (signal?: AbortSignal): Promise<Script> => {
    signal?.throwIfAborted();
    if ('file' in options) script ??= await loadScript(options.file, id, signal);
    return script ?? {};
  };
  let sessions = 0;
  const begin = async (start: AgentStart, position: Position, signal?: AbortSignal): Promise<AgentSession> =>
    createScriptedSession(id, `${id}-${++sessions}`, clock, start, await load(signal), position);
  return {
    spec: 'coding-agent/1',
    id,
    start: (request, call) => begin(request, { turn: 0, issue: null }, call?.signal),
    resume: async (request, call) => begin(request, mapPosition(request.state, id), call?.signal),
    async *diagnose(call) {
      const problem = await load(call?.signal).then(
        () => null,
        (error: unknown) => {
          if (BatonError.is(error)) return error;
          throw error;
        },
      );
      const detail = problem?.message ?? 'The script can be read.';
      yield { check: 'script', ok: problem === null, detail, fix: problem?.fix ?? null };
    },
  };
}

async function loadScript(file: string, id: string, signal: AbortSignal | undefined): Promise<Script> {
  const text = await readFile(file, { encoding: 'utf8', ...(signal ? { signal } : {}) }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new BatonError('CONFIG_INVALID', `The script ${file} can't be read.`, {
      details: { setting: 'file' },
      adapter: id,
      fix: 'Set file to a YAML file of steps, relative to the configuration.',
      cause: error,
    });
  });
  return parseScript(text, file, id);
}

function mapPosition({ agent, version, data }: AgentResumeState, id: string): Position {
  if (agent === id && version === checkpointVersion && typeof data === 'object' && data !== null && 'turn' in data) {
    const { turn, issue } = data;
    if (typeof turn === 'number' && (typeof issue === 'string' || issue === null)) return { turn, issue };
  }
  throw new BatonError(
    'PROTOCOL_VIOLATION',
    `The checkpoint is not one of the agent ${id}, version ${checkpointVersion}.`,
    {
      details: { received: `${agent}, version ${version}` },
      adapter: id,
    },
  );
}

function createScriptedSession(
  agent: string,
  id: string,
  clock: Clock,
  start: AgentStart,
  script: Script,
  first: Position,
): AgentSession {
  let position = first;
  const checkpoint = (): AgentEvent => ({
    type: 'checkpoint',
    state: { agent, version: checkpointVersion, data: { ...position } },
  });

  async function* takeTurn(turn: Turn): AsyncGenerator<AgentEvent> {
    position = mapTurn(turn.prompt, position);
    const { issue, turn: index } = position;
    yield { type: 'turn-start', model: 'scripted' };
    yield checkpoint();
    const end = yield* takeStep(mapStep(script, issue, index), { turn, index, clock, workspace: start.workspace });
    if (end.summary !== '') yield { type: 'text-delta', text: end.summary };
    yield { type: 'usage', usage: end.usage };
    position = { ...position, turn: index + 1 };
    yield checkpoint();
    yield end;
  }

  return createTurnSession({ id, agent, takeTurn });
}

/** A session may be one of many on an issue: the prompt knows better which turn it is. */
function mapTurn(prompt: string, { turn, issue }: Position): Position {
  const told = turnLine.exec(prompt)?.[1];
  return {
    turn: told === undefined ? turn : Math.max(0, Number(told) - 1),
    issue: issueLine.exec(prompt)?.[1] ?? issue,
  };
}

function mapStep(script: Script, issue: string | null, index: number): ScriptedStep {
  const listed = issue !== null && script.issues && Object.hasOwn(script.issues, issue) ? script.issues[issue] : null;
  const steps = listed ?? script.default;
  const named = issue ?? 'a prompt without a line "Issue: <key>"';
  if (!steps) return { outcome: 'failed', summary: `The script has no steps for ${named}, and no default.` };
  return steps[index] ?? { summary: 'The script has no further steps.' };
}
