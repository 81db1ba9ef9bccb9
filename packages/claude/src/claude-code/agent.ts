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
  type Clock,
  type CodingAgent,
  type ModelPrice,
  type Sandbox,
} from '@baton/core';
import { createModelProxy, type ModelProxy, runAgentTurn } from '@baton/model-proxy';
import { claudeCodeCommand, claudeCodeHome } from './command.js';
import { diagnoseClaudeCode } from './diagnose.js';
import { type ClaudeCodeResult, isResult, mapClaudeCodeLine } from './line.js';
import { mapClaudeCodeEnd } from './turn-end.js';

/** How a Claude Code agent is made. */
export interface ClaudeCodeAgentOptions {
  /** Default `claude-code`. */
  readonly id?: string;
  /** Name or absolute path of the program, as the sandbox sees it. Default `claude`. */
  readonly program?: string;
  /**
   * Full name of the model, and then the only one that it may ask: an alias such as `opus` names no price.
   * Default: what Claude Code chooses, of all that the key may use.
   */
  readonly model?: string;
  /** Default `https://api.anthropic.com`. */
  readonly baseUrl?: string;
  /** The key of the API. Stays in the daemon. Null: the address asks for none. */
  readonly key: string | null;
  /** Where the key comes from, for messages. Default `ANTHROPIC_API_KEY`. */
  readonly keyEnv?: string;
  /**
   * What it may ask of its model beyond what is known of the protocol, by the names that refusals tell, such as
   * `anthropic-beta=some-2026-01-01`. Default: nothing.
   */
  readonly allow?: readonly string[];
  /** Where `diagnose` tries the program. Default: it isn't tried. */
  readonly sandbox?: Sandbox;
  /** Where the model has no price, the cost is what Claude Code reports, and a limit in money can't hold it back. */
  price(model: string): ModelPrice | null;
  readonly clock: Clock;
}

/** What holds where neither the options nor the settings say it. */
export const claudeCodeDefaults = {
  id: 'claude-code',
  program: 'claude',
  baseUrl: 'https://api.anthropic.com',
  keyEnv: 'ANTHROPIC_API_KEY',
};

/** Where a session stands. Null: nothing is known of it yet. */
interface Position {
  readonly session: string | null;
  /** What the session cost up to here, by Claude Code's account, in dollars. */
  readonly reportedUsd: number;
}

const checkpointVersion = 1;
const aliases: readonly string[] = ['default', 'best', 'opus', 'sonnet', 'haiku', 'fable', 'opusplan'];
/** The API hears of a longer window by this. It costs more, so nobody gets it who didn't name it along with the model. */
const longWindow = 'anthropic-beta=context-1m-2025-08-07';
/** How many lines that mean nothing here are told, of a turn. */
const toldOthers = 50;

/**
 * Claude Code as a coding agent: the program runs once per turn in the workspace's sandbox, reaches its model through
 * a proxy that holds the key and keeps the limits, and goes on with its session in the next turn, or in another process.
 */
export function createClaudeCodeAgent(options: ClaudeCodeAgentOptions): CodingAgent {
  const { key, sandbox, model = null, id = claudeCodeDefaults.id, program = claudeCodeDefaults.program } = options;
  const { baseUrl = claudeCodeDefaults.baseUrl, keyEnv = claudeCodeDefaults.keyEnv } = options;
  if (model !== null && aliases.includes(model.replace(/\[.*\]$/, ''))) {
    throw new BatonError('CONFIG_INVALID', `The agent ${id} names its model by the alias ${model}.`, {
      details: { setting: 'model' },
      adapter: id,
      fix: 'Set model to the full name of the model, such as claude-sonnet-5-5.',
    });
  }
  const proxy = createModelProxy({
    adapter: id,
    protocol: 'anthropic-messages',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    baseUrl,
    key,
    // What stands in brackets asks Claude Code for a longer window; the API doesn't hear of it.
    models: model === null ? null : [model.replace(/\[.*\]$/, '')],
    allow: [...(options.allow ?? []), ...(model?.endsWith('[1m]') ? [longWindow] : [])],
    price: (name) => options.price(name),
    clock: options.clock,
  });
  const parts = { id, model, program, keyEnv, proxy, clock: options.clock };
  let sessions = 0;
  const begin = (start: AgentStart, position: Position): AgentSession =>
    createClaudeCodeSession(parts, `${id}-${++sessions}`, start, position);
  return {
    spec: 'coding-agent/1',
    id,
    async start(request, call) {
      call?.signal?.throwIfAborted();
      return begin(request, { session: null, reportedUsd: 0 });
    },
    async resume({ state, ...request }, call) {
      call?.signal?.throwIfAborted();
      return begin(request, mapPosition(state, id));
    },
    ...(sandbox
      ? { diagnose: (trial?: AgentTrial) => diagnoseClaudeCode({ program, key, keyEnv, sandbox }, trial) }
      : {}),
  };
}

interface Parts {
  readonly id: string;
  readonly model: string | null;
  readonly program: string;
  readonly keyEnv: string;
  readonly proxy: ModelProxy;
  readonly clock: Clock;
}

function createClaudeCodeSession(parts: Parts, id: string, start: AgentStart, first: Position): AgentSession {
  const { workspace, instructions } = start;
  const { proxy, clock, program, keyEnv, model } = parts;
  let position = first;
  const checkpoint = (): AgentEvent => ({
    type: 'checkpoint',
    state: {
      agent: parts.id,
      version: checkpointVersion,
      data: { ...position },
      ...toldSession(position.session),
    },
  });

  async function* takeTurn(turn: Turn): AsyncGenerator<AgentEvent> {
    const { limits, signal } = turn;
    // Killed before it was written, a session can't be found again; the turn's prompt then begins a new one.
    const session = await turn.hold(findSession(workspace.scratch, position.session));
    if (session === null) position = { session: null, reportedUsd: 0 };
    const before = position.reportedUsd;
    const run = runAgentTurn({
      proxy,
      workspace,
      command: (channel) =>
        claudeCodeCommand({ program, model, scratch: workspace.scratch, instructions, session, limits }, channel),
      input: turn.prompt,
      limits,
      clock,
      signal,
      isLast: isResult,
    });
    turn.hold(run.ended).catch(() => {});
    const pairs = createPairing();
    let begun = false;
    let version: string | null = null;
    let result: ClaudeCodeResult | null = null;
    let others = 0;
    for await (const item of run.items) {
      const line = item.type === 'line' ? mapClaudeCodeLine(item.value) : null;
      if (!begun) {
        begun = true;
        yield { type: 'turn-start', model: line?.type === 'init' ? (line.model ?? model) : model };
      }
      if (item.type === 'usage') yield item;
      if (line?.type === 'init') {
        version = line.version;
        position = { ...position, session: line.session };
        yield checkpoint();
      }
      if (line?.type === 'events') yield* line.events.filter(pairs);
      if (line?.type === 'result' && (line.result.session_id ?? null) === position.session) result = line.result;
      const other = item.type === 'noise' ? { noise: item.text } : line?.type === 'other' ? line.value : null;
      if (other !== null && ++others <= toldOthers) yield { type: 'provider-event', value: other };
    }
    const end = await run.ended;
    if (!begun) yield { type: 'turn-start', model };
    const total = result?.total_cost_usd ?? null;
    if (total !== null) position = { ...position, reportedUsd: total };
    if (position.session !== null) yield checkpoint();
    const reportedMicroUsd = mapReported(total, before);
    yield mapClaudeCodeEnd({ end, result, version, program, keyEnv, reportedMicroUsd });
  }

  return createTurnSession({ id, agent: parts.id, takeTurn });
}

/** Its account goes over the whole session; where it began anew, over what came since. */
function mapReported(total: number | null, before: number): number | null {
  if (total === null) return null;
  const microUsd = Math.round((total >= before ? total - before : total) * 1_000_000);
  return Number.isSafeInteger(microUsd) ? microUsd : null;
}

/** Lets through each call once, and one result for each of them. */
function createPairing(): (event: AgentEvent) => boolean {
  const called = new Set<string>();
  const open = new Set<string>();
  return (event) => {
    if (event.type === 'tool-result') return open.delete(event.callId);
    if (event.type !== 'tool-call') return true;
    if (called.has(event.callId)) return false;
    called.add(event.callId);
    open.add(event.callId);
    return true;
  };
}

/** The session, where its transcript is still there. */
async function findSession(scratch: string, session: string | null): Promise<string | null> {
  if (session === null) return null;
  const projects = join(claudeCodeHome(scratch), 'projects');
  for (const each of await readdir(projects).catch(() => [])) {
    const found = await lstat(join(projects, each, `${session}.jsonl`)).catch(() => null);
    if (found?.isFile()) return session;
  }
  return null;
}

function mapPosition({ agent, version, data }: AgentResumeState, id: string): Position {
  if (agent === id && version === checkpointVersion && typeof data === 'object' && data !== null && 'session' in data) {
    const { session, reportedUsd } = data;
    const isId = typeof session === 'string' && /^[0-9a-f-]{36}$/.test(session);
    if (isId && typeof reportedUsd === 'number') return { session, reportedUsd };
  }
  const message = `The checkpoint is not one of the agent ${id}, version ${checkpointVersion}.`;
  throw new BatonError('PROTOCOL_VIOLATION', message, {
    details: { received: `${agent}, version ${version}` },
    adapter: id,
  });
}
