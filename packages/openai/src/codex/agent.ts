import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTurnSession, type Turn, toldSession } from '@baton/agent-kit';
import {
  type AgentEvent,
  type AgentResumeState,
  type AgentSession,
  type AgentStart,
  type AgentTrial,
  BatonError,
  type CallOptions,
  type Clock,
  type CodingAgent,
  type ModelPrice,
  type Sandbox,
  type WorkspaceView,
} from '@baton/core';
import { createModelProxy, type ModelProxy, runAgentTurn } from '@baton/model-proxy';
import { codexCommand, codexHome } from './command.js';
import { diagnoseCodex } from './diagnose.js';
import { isClosing, mapCodexLine } from './line.js';
import { mapCodexEnd } from './turn-end.js';
import { installFix, isOlder, oldestVersion, parseVersion } from './version.js';

/** How a Codex agent is made. */
export interface CodexAgentOptions {
  /** Default `codex`. */
  readonly id?: string;
  /** Name or absolute path of the program, as the sandbox sees it. Default `codex`. */
  readonly program?: string;
  /** One that Codex knows; then the only one that it may ask. Default: what Codex chooses, of all that the key may use. */
  readonly model?: string;
  /** Ends before `/responses`. Default `https://api.openai.com/v1`. */
  readonly baseUrl?: string;
  /** Stays in the daemon. Null: there is none, which a turn tells, unless `keyEnv` is null. */
  readonly key: string | null;
  /** Where the key comes from, for messages. Null: the address asks for none. Default `OPENAI_API_KEY`. */
  readonly keyEnv?: string | null;
  /**
   * What it may ask of its model beyond what is known of the protocol, by the names that refusals tell, such as
   * `anthropic-beta=some-2026-01-01`. Default: nothing.
   */
  readonly allow?: readonly string[];
  /** Where `diagnose` tries the program. Default: it isn't tried. */
  readonly sandbox?: Sandbox;
  /** Codex reports no cost: where the model has no price it is unknown, and a limit in money can't hold it back. */
  price(model: string): ModelPrice | null;
  readonly clock: Clock;
}

/** What holds where neither the options nor the settings say it. */
export const codexDefaults = {
  id: 'codex',
  program: 'codex',
  baseUrl: 'https://api.openai.com/v1',
  keyEnv: 'OPENAI_API_KEY',
};

const checkpointVersion = 1;
/** How many lines that mean nothing here are told, of a turn. */
const toldOthers = 50;
const versionMs = 30_000;

/**
 * Codex as a coding agent: the program runs once per turn in the workspace's sandbox, reaches its model through a
 * proxy that holds the key, counts and keeps the limits, and goes on with its thread in the next turn, or in another
 * process.
 */
export function createCodexAgent(options: CodexAgentOptions): CodingAgent {
  const { key, sandbox, model = null, clock, id = codexDefaults.id, program = codexDefaults.program } = options;
  const { baseUrl = codexDefaults.baseUrl, keyEnv = codexDefaults.keyEnv } = options;
  const proxy = createModelProxy({
    adapter: id,
    protocol: 'openai-responses',
    baseUrlVariable: 'OPENAI_BASE_URL',
    baseUrl,
    key,
    models: model === null ? null : [model],
    allow: options.allow ?? [],
    price: (name) => options.price(name),
    clock,
  });
  const parts: Parts = { id, model, program, key, keyEnv, proxy, clock };
  let sessions = 0;
  const begin = (start: AgentStart, thread: string | null): AgentSession =>
    createCodexSession(parts, `${id}-${++sessions}`, start, thread);
  return {
    spec: 'coding-agent/1',
    id,
    async start(request, call) {
      call?.signal?.throwIfAborted();
      return begin(request, null);
    },
    async resume({ state, ...request }, call) {
      call?.signal?.throwIfAborted();
      return begin(request, mapThread(state, id));
    },
    ...(sandbox ? { diagnose: (trial?: AgentTrial) => diagnoseCodex({ program, sandbox, key, keyEnv }, trial) } : {}),
  };
}

interface Parts {
  readonly id: string;
  readonly model: string | null;
  readonly program: string;
  readonly key: string | null;
  readonly keyEnv: string | null;
  readonly proxy: ModelProxy;
  readonly clock: Clock;
}

function createCodexSession(parts: Parts, id: string, start: AgentStart, first: string | null): AgentSession {
  const { workspace, instructions } = start;
  const { proxy, clock, program, key, keyEnv, model } = parts;
  let thread = first;
  let isTried = false;
  const checkpoint = (): AgentEvent => ({
    type: 'checkpoint',
    state: { agent: parts.id, version: checkpointVersion, data: { thread }, ...toldSession(thread) },
  });

  async function* takeTurn(turn: Turn): AsyncGenerator<AgentEvent> {
    const { limits, signal } = turn;
    yield { type: 'turn-start', model };
    const obstacle =
      keyEnv !== null && key === null
        ? { unified: 'unavailable' as const, raw: 'AUTH_FAILED', summary: `${keyEnv} is not set.\nSet ${keyEnv}.` }
        : isTried || (limits.deadline !== null && limits.deadline <= clock.now())
          ? null
          : await turn.hold(findObstacle(workspace, program, { signal }));
    if (obstacle !== null) {
      const { unified, raw, summary } = obstacle;
      return yield { type: 'turn-end', outcome: { unified, raw }, usage: nothingUsed, summary };
    }
    isTried = true;
    // Killed before it was written, a thread can't be found again; the turn's prompt then begins a new one.
    thread = await turn.hold(findThread(workspace.scratch, thread));
    const known = thread;
    const run = runAgentTurn({
      proxy,
      workspace,
      command: (channel) => codexCommand({ program, model, workspace, instructions, thread: known }, channel),
      input: turn.prompt,
      limits,
      clock,
      signal,
      isLast: isClosing,
    });
    turn.hold(run.ended).catch(() => {});
    const pairs = createPairing();
    let begun = false;
    let closed: { readonly error: string | null } | null = null;
    let error: string | null = null;
    let words = '';
    let others = 0;
    for await (const item of run.items) {
      if (item.type === 'usage') yield item;
      const line = item.type === 'line' ? mapCodexLine(item.value) : null;
      const other = item.type === 'noise' ? { noise: item.text } : line?.type === 'other' ? line.value : null;
      if (other !== null && ++others <= toldOthers) yield { type: 'provider-event', value: other };
      switch (line?.type) {
        case 'thread':
          // It comes first, and once: any other was not said by Codex itself.
          if (begun) break;
          begun = true;
          thread = line.thread;
          yield checkpoint();
          break;
        case 'words':
          words = line.text;
          yield { type: 'text-delta', text: `${line.text}\n` };
          break;
        case 'event':
          yield* pairs(line.event);
          break;
        case 'call':
          yield* pairs(line.call);
          yield* pairs(line.result);
          break;
        case 'error':
          error = line.message;
          if (++others <= toldOthers) yield { type: 'provider-event', value: { error: line.message } };
          break;
        case 'closed':
          // A turn that failed stays so, whatever is printed behind it.
          if (closed?.error == null) closed = { error: line.error };
          break;
      }
    }
    const end = await run.ended;
    if (thread !== null) yield checkpoint();
    yield mapCodexEnd({ end, closed, error, words, program, keyEnv });
  }

  return createTurnSession({ id, agent: parts.id, takeTurn });
}

const nothingUsed = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  microUsd: null,
  basis: 'unknown',
} as const;

/** Lets through each call once, and one result for each of them. */
function createPairing(): (event: AgentEvent) => readonly AgentEvent[] {
  const called = new Set<string>();
  const open = new Set<string>();
  return (event) => {
    if (event.type === 'tool-result') return open.delete(event.callId) ? [event] : [];
    if (event.type !== 'tool-call') return [event];
    if (called.has(event.callId)) return [];
    called.add(event.callId);
    open.add(event.callId);
    return [event];
  };
}

/** Why the program can't be used, or null. It doesn't tell its version in a turn. */
async function findObstacle(workspace: WorkspaceView, program: string, call: CallOptions) {
  const fail = (message: string) => ({
    unified: 'failed' as const,
    raw: 'COMMAND_FAILED',
    summary: `${message}\n${installFix}`,
  });
  try {
    const { stdout, stderr } = await workspace.exec({ argv: [program, '--version'], timeoutMs: versionMs }, call);
    const version = parseVersion(stdout);
    if (version === null)
      return fail(`${program} doesn't tell its version: ${`${stdout}${stderr}`.slice(0, 300).toWellFormed()}`);
    return isOlder(version) ? fail(`Codex ${version} is too old: Baton needs ${oldestVersion} or newer.`) : null;
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!BatonError.is(error, 'COMMAND_FAILED')) throw error;
    return fail(`${program} could not be started in the sandbox: ${error.message}`);
  }
}

/** The thread, where its transcript is still there: `sessions/<year>/<month>/<day>/rollout-<date>-<thread>.jsonl`. */
async function findThread(scratch: string, thread: string | null): Promise<string | null> {
  if (thread === null) return null;
  let directories = [join(codexHome(scratch), 'sessions')];
  for (let depth = 0; depth < 3; depth += 1) {
    const below = await Promise.all(
      directories.map(async (each) => (await readdir(each).catch(() => [])).map((name) => join(each, name))),
    );
    directories = below.flat().filter((path) => /\/\d+$/.test(path));
  }
  for (const directory of directories) {
    for (const name of await readdir(directory).catch(() => [])) {
      if (!name.endsWith(`${thread}.jsonl`)) continue;
      const found = await lstat(join(directory, name)).catch(() => null);
      if (found?.isFile()) return thread;
    }
  }
  return null;
}

function mapThread({ agent, version, data }: AgentResumeState, id: string): string | null {
  if (agent === id && version === checkpointVersion && typeof data === 'object' && data !== null && 'thread' in data) {
    const { thread } = data;
    if (typeof thread === 'string' && /^[0-9a-f-]{36}$/.test(thread)) return thread;
  }
  const message = `The checkpoint is not one of the agent ${id}, version ${checkpointVersion}.`;
  throw new BatonError('PROTOCOL_VIOLATION', message, {
    details: { received: `${agent}, version ${version}` },
    adapter: id,
  });
}
