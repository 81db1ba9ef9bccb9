import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, type CodingAgent, type ModelPrice } from '@baton/core';
import { createProgramAgent, type LineProgram, type ProgramAgentOptions, takeLineTurn } from '@baton/model-proxy';
import { claudeCodeCommand, claudeCodeHome } from './command.js';
import { isResult } from './line.js';
import { createClaudeCodeReader, type Position } from './read-turn.js';
import { claudeCodeRelease } from './version.js';

/** How a Claude Code agent is made. */
export interface ClaudeCodeAgentOptions extends ProgramAgentOptions {
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
  /** Where the model has no price, the cost is what Claude Code reports, and a limit in money can't hold it back. */
  price(model: string): ModelPrice | null;
}

/** What holds where neither the options nor the settings say it. */
export const claudeCodeDefaults = {
  id: 'claude-code',
  program: 'claude',
  baseUrl: 'https://api.anthropic.com',
  keyEnv: 'ANTHROPIC_API_KEY',
};

const aliases: readonly string[] = ['default', 'best', 'opus', 'sonnet', 'haiku', 'fable', 'opusplan'];
/** The API hears of a longer window by this. It costs more, so nobody gets it who didn't name it along with the model. */
const longWindow = 'anthropic-beta=context-1m-2025-08-07';

/**
 * Claude Code as a coding agent: the program runs once per turn in the workspace's sandbox, reaches its model through
 * a proxy that holds the key and keeps the limits, and goes on with its session in the next turn, or in another process.
 */
export function createClaudeCodeAgent(options: ClaudeCodeAgentOptions): CodingAgent {
  const { model = null, id = claudeCodeDefaults.id, program: path = claudeCodeDefaults.program } = options;
  const { baseUrl = claudeCodeDefaults.baseUrl, keyEnv = claudeCodeDefaults.keyEnv, allow = [] } = options;
  // What stands in brackets asks Claude Code for a longer window; the API doesn't hear of it.
  const plainModel = model?.replace(/\[.*\]$/, '') ?? null;
  if (plainModel !== null && aliases.includes(plainModel)) {
    throw new BatonError('CONFIG_INVALID', `The agent ${id} names its model by the alias ${model}.`, {
      details: { setting: 'model' },
      adapter: id,
      fix: 'Set model to the full name of the model, such as claude-sonnet-5-5.',
    });
  }
  const program: LineProgram<Position> = {
    model,
    isThere: (scratch, { session }) => isThere(scratch, session),
    command: ({ workspace: { scratch }, instructions, limits, position }, channel) =>
      claudeCodeCommand(
        { program: path, model, scratch, instructions, session: position?.session ?? null, limits },
        channel,
      ),
    isLast: isResult,
    createReader: createClaudeCodeReader,
  };
  return createProgramAgent<Position>({
    ...options,
    ...{ id, model, baseUrl, keyEnv },
    protocol: 'anthropic-messages',
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    models: plainModel === null ? null : [plainModel],
    allow: [...allow, ...(model?.endsWith('[1m]') ? [longWindow] : [])],
    price: (name) => options.price(name),
    program: { kind: 'released', path, release: claudeCodeRelease },
    withoutKey: 'tried',
    readPosition,
    sessionName: ({ session }) => session,
    beginSession: () => (turn) => takeLineTurn(program, turn),
  });
}

/** Whether the transcript of a session is still there. */
async function isThere(scratch: string, session: string): Promise<boolean> {
  const projects = join(claudeCodeHome(scratch), 'projects');
  for (const each of await readdir(projects).catch(() => [])) {
    const found = await lstat(join(projects, each, `${session}.jsonl`)).catch(() => null);
    if (found?.isFile()) return true;
  }
  return false;
}

function readPosition(data: object): Position | null {
  if (!('session' in data && 'reportedUsd' in data)) return null;
  const { session, reportedUsd } = data;
  const isId = typeof session === 'string' && /^[0-9a-f-]{36}$/.test(session);
  return isId && typeof reportedUsd === 'number' ? { session, reportedUsd } : null;
}
