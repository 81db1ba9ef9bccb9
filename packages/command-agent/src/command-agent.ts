import { createTurnSession, diagnoseProgram, type Turn } from '@baton/agent-kit';
import {
  type AgentEvent,
  type AgentSession,
  type AgentStart,
  type AgentTrial,
  type AgentUsage,
  BatonError,
  type Clock,
  type CodingAgent,
  type Command,
  type Sandbox,
  type TurnEnd,
  type TurnOutcome,
} from '@baton/core';
import { mapClosingParagraphs } from './closing-paragraphs.js';
import { type ProgramEnd, runProgram } from './run-program.js';
import { createTextQueue } from './text-queue.js';

/** How a command agent is made. */
export interface CommandAgentOptions {
  /** Default `command`. */
  readonly id?: string;
  /** The operator's own words, run as `sh -c <run>` in the sandbox, in the root of the workspace. No text of an issue becomes part of it. */
  readonly run: string;
  /** Added to the sandbox's minimal environment. Default: nothing. The program can read it, so it holds no secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** Deadlines are judged by it. */
  readonly clock: Clock;
  /** Where the doctor looks the program up. Default: it isn't looked up. */
  readonly sandbox?: Sandbox;
}

/** What the program's exit codes mean. Every other one, and every signal, is `failed`. */
const outcomes: ReadonlyMap<number | null, TurnOutcome> = new Map([
  [0, 'done'],
  [10, 'needs-person'],
  // EX_TEMPFAIL of sysexits.h: "temporary failure, user is invited to retry".
  [75, 'unavailable'],
]);

/** What a shell says by these codes, and what that means in a sandbox (POSIX, Shell Command Language, 2.8.2). */
const missing: ReadonlyMap<number | null, string> = new Map([
  [
    126,
    'a program is there and could not be executed. See that it is executable, and that the sandbox shows the interpreter that its first line names (sandbox.readable)',
  ],
  [
    127,
    "a program wasn't found in the sandbox. A path like ./x is relative to the checkout, so it has to be committed there; what stands elsewhere has to be listed under sandbox.readable",
  ],
]);

/** How much of a turn's output is told as `text-delta`. */
const maxTextCharacters = 262_144;
/** How much of each stream is kept, half from its beginning and half from its end. */
const keptBytes = 32_768;
const summaryCharacters = 4_000;
/** How much of each stream the summary of a failure holds. */
const partCharacters = 1_500;

const unknownUsage: AgentUsage = {
  inputTokens: null,
  cachedInputTokens: null,
  outputTokens: null,
  microUsd: null,
  basis: 'unknown',
};

/**
 * Any program as a coding agent: it gets the prompt on standard input, works in the current directory, and
 * tells how it went by its exit code: 0 done, 10 a person is asked (what it printed is the question), 75 try
 * again later, anything else failed.
 *
 * The program remembers nothing between two turns, so each later turn is given the session's first prompt
 * too. It can't be resumed, and what it cost is unknown. Of the limits only the deadline can be kept.
 */
export function createCommandAgent(options: CommandAgentOptions): CodingAgent {
  const id = options.id ?? 'command';
  if (options.run.trim() === '') {
    throw new BatonError('CONFIG_INVALID', `The agent ${id} has nothing to run.`, {
      details: { setting: 'run' },
      adapter: id,
      fix: 'Set run to the command line of the program.',
    });
  }
  const command: Command = { argv: ['sh', '-c', options.run], env: { ...options.env } };
  const { sandbox, run, env = {} } = options;
  let sessions = 0;
  return {
    spec: 'coding-agent/1',
    id,
    ...(sandbox && { diagnose: (trial?: AgentTrial) => diagnoseProgram({ run, env, sandbox }, trial) }),
    async start(request, call) {
      call?.signal?.throwIfAborted();
      return createCommandSession(id, `${id}-${++sessions}`, command, options.clock, request);
    },
  };
}

function createCommandSession(
  agent: string,
  id: string,
  command: Command,
  clock: Clock,
  start: AgentStart,
): AgentSession {
  let firstPrompt: string | null = null;

  async function* takeTurn(turn: Turn): AsyncGenerator<AgentEvent> {
    const earlier = firstPrompt;
    firstPrompt ??= turn.prompt;
    yield { type: 'turn-start', model: null };
    const text = createTextQueue(maxTextCharacters);
    const parts = [start.instructions, earlier ?? '', turn.prompt].filter((part) => part !== '');
    const program = runProgram({
      workspace: start.workspace,
      command: { ...command, maxOutputBytes: keptBytes },
      input: `${parts.join('\n\n')}\n`,
      clock,
      deadline: turn.limits.deadline,
      signal: turn.signal,
      onOutput: text.push,
    });
    const ended = turn.hold(program.catch(mapError)).finally(text.end);
    ended.catch(() => {});
    try {
      for (let part = await text.take(); part !== null; part = await text.take()) {
        yield { type: 'text-delta', text: part };
      }
      const end = await ended;
      if (end.stderr !== '' || text.dropped > 0) {
        yield { type: 'provider-event', value: { stderr: end.stderr, droppedCharacters: text.dropped } };
      }
      yield mapEnd(end);
    } finally {
      // Reached early only by an abort, on which the program ends.
      await ended.catch(() => {});
    }
  }

  return createTurnSession({ id, agent, takeTurn });
}

type CommandEnd = ProgramEnd | { readonly by: 'start'; readonly stdout: string; readonly stderr: string };

/** A program that can't be started is a failure of the agent; what else goes wrong is not its doing. */
function mapError(error: unknown): CommandEnd {
  if (BatonError.is(error, 'COMMAND_FAILED')) return { by: 'start', stdout: '', stderr: error.message };
  throw error;
}

function mapEnd(end: CommandEnd): TurnEnd {
  const close = (unified: TurnOutcome, raw: string, summary: string): TurnEnd => ({
    type: 'turn-end',
    outcome: { unified, raw },
    usage: unknownUsage,
    summary,
  });
  const words = mapClosingParagraphs(end.stdout, summaryCharacters);
  if (end.by === 'deadline') return close('limit-reached', 'deadline', words);
  if (end.by === 'start') return close('failed', 'not started', end.stderr);
  const raw = end.exitCode === null ? `signal ${end.signal ?? 'unknown'}` : `exit ${end.exitCode}`;
  const outcome = outcomes.get(end.exitCode) ?? 'failed';
  if (outcome === 'done') return close(outcome, raw, words);
  if (outcome === 'needs-person') return close(outcome, raw, words || 'The program asks for a person, without words.');
  const ends = [end.stdout, end.stderr].map((text) => mapClosingParagraphs(text, partCharacters));
  const why = missing.get(end.exitCode);
  const summary = [`The program ended with ${raw}${why === undefined ? '' : `: ${why}`}.`, ...ends]
    .filter((part) => part !== '')
    .join('\n\n');
  return close(outcome, raw, summary);
}
