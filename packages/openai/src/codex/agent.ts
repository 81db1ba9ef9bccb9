import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodingAgent, ModelPrice } from '@baton/core';
import { createProgramAgent, type LineProgram, type ProgramAgentOptions, takeLineTurn } from '@baton/model-proxy';
import { codexCommand, codexHome } from './command.js';
import { isClosing } from './line.js';
import { createCodexReader, type Position } from './read-turn.js';
import { codexRelease } from './version.js';

/** How a Codex agent is made. */
export interface CodexAgentOptions extends ProgramAgentOptions {
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
  /** Codex reports no cost: where the model has no price it is unknown, and a limit in money can't hold it back. */
  price(model: string): ModelPrice | null;
}

/** What holds where neither the options nor the settings say it. */
export const codexDefaults = {
  id: 'codex',
  program: 'codex',
  baseUrl: 'https://api.openai.com/v1',
  keyEnv: 'OPENAI_API_KEY',
};

/**
 * Codex as a coding agent: the program runs once per turn in the workspace's sandbox, reaches its model through a
 * proxy that holds the key, counts and keeps the limits, and goes on with its thread in the next turn, or in another
 * process.
 */
export function createCodexAgent(options: CodexAgentOptions): CodingAgent {
  const { model = null, id = codexDefaults.id, program: path = codexDefaults.program } = options;
  const { baseUrl = codexDefaults.baseUrl, keyEnv = codexDefaults.keyEnv } = options;
  const program: LineProgram<Position> = {
    model,
    isThere: (scratch, { thread }) => isThere(scratch, thread),
    command: ({ workspace, instructions, position }, channel) =>
      codexCommand({ program: path, model, workspace, instructions, thread: position?.thread ?? null }, channel),
    isLast: isClosing,
    createReader: createCodexReader,
  };
  return createProgramAgent<Position>({
    ...options,
    ...{ id, model, baseUrl, keyEnv },
    protocol: 'openai-responses',
    baseUrlVariable: 'OPENAI_BASE_URL',
    models: model === null ? null : [model],
    price: (name) => options.price(name),
    program: { kind: 'released', path, release: codexRelease },
    withoutKey: 'unavailable',
    readPosition,
    sessionName: ({ thread }) => thread,
    beginSession: () => (turn) => takeLineTurn(program, turn),
  });
}

/** Whether the transcript of a thread is still there: `sessions/<year>/<month>/<day>/rollout-<date>-<thread>.jsonl`. */
async function isThere(scratch: string, thread: string): Promise<boolean> {
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
      if (found?.isFile()) return true;
    }
  }
  return false;
}

function readPosition(data: object): Position | null {
  const thread = 'thread' in data ? data.thread : null;
  return typeof thread === 'string' && /^[0-9a-f-]{36}$/.test(thread) ? { thread } : null;
}
