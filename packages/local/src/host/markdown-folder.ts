import { createLimit, mapFew } from '@baton/adapter-kit';
import type { AdapterHost, Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import { contentHash } from './content-hash.js';
import { createFolder, type Folder, type Stamp } from './folder.js';
import { notFound } from './map-error.js';
import {
  changeMarkdown,
  type MarkdownChange,
  type MarkdownFile,
  type Problem,
  parseMarkdown,
} from './markdown-file.js';

/** A file that could be read. */
export interface ReadFile {
  readonly path: string;
  readonly file: MarkdownFile;
  readonly stamp: Stamp;
  /** Of all its bytes. */
  readonly hash: string;
}

/** The Markdown files of the folder, read again only when they changed. */
export interface MarkdownFolder {
  readonly folder: Folder;
  /** Null where there is no such file. */
  read(path: string): Promise<ReadFile | Problem | null>;
  /** Many files of one directory, in order. */
  readAll(directory: string, names: readonly string[]): Promise<readonly (ReadFile | Problem | null)[]>;
  /**
   * Reads a file anew, and writes what `decide` makes of it; null writes nothing. A person's change in
   * between is read first. `NOT_FOUND` without the file. Whether it wrote.
   */
  change(path: string, decide: (found: ReadFile) => MarkdownChange | null): Promise<boolean>;
  /**
   * Tells a person what is wrong with a file, once until it is something else; null: nothing any more. Files
   * are looked at for more than one reason: `aspect` keeps these apart.
   */
  complain(path: string, problem: string | null, aspect?: string): void;
}

// File systems stamp changes in grains of up to two seconds: within one, an equal stamp says nothing.
const grainMs = 2_500;
const attempts = 5;

/** Does no input or output. */
export function createMarkdownFolder(root: string, runtime: Runtime, log: AdapterHost['log']): MarkdownFolder {
  const folder = createFolder(root, runtime);
  const inTurn = createLimit(1);
  const complaints = new Map<string, string>();
  const cache = new Map<
    string,
    { readonly found: ReadFile | Problem; readonly stamp: string; readonly settled: boolean }
  >();

  /** What is remembered of a file that is still as it was; undefined where it has to be read. */
  const recall = (path: string, stamp: Stamp | null): ReadFile | Problem | null | undefined => {
    const cached = cache.get(path);
    if (stamp === null) {
      cache.delete(path);
      return null;
    }
    return cached?.settled && cached.stamp === stamp.value ? cached.found : undefined;
  };
  const read = async (path: string, fresh = false): Promise<ReadFile | Problem | null> => {
    const stamp = await folder.stamp(path);
    const recalled = recall(path, stamp);
    if (stamp === null) return null;
    if (!fresh && recalled !== undefined) return recalled;
    const startedAt = runtime.clock.now();
    const content = await folder.read(path);
    if (content.kind === 'absent') return null;
    const readStamp = content.kind === 'bytes' ? content.stamp : stamp;
    const found = content.kind === 'bytes' ? toReadFile(path, content.bytes, content.stamp) : content;
    const settled = readStamp.changedAt < startedAt - grainMs;
    cache.set(path, { found, stamp: readStamp.value, settled });
    return found;
  };

  return {
    folder,
    read: (path) => read(path),
    async readAll(directory, names) {
      const stamps = await folder.stamps(directory, names);
      const found = names.map((name, index) => recall(`${directory}/${name}`, stamps[index] ?? null));
      const missing = [...found.entries()].filter(([, each]) => each === undefined).map(([index]) => index);
      const loaded = await mapFew(missing, (index) => read(`${directory}/${names[index] ?? ''}`));
      for (const [position, index] of missing.entries()) found[index] = loaded[position] ?? null;
      return found.map((each) => each ?? null);
    },
    change: (path, decide) =>
      inTurn(async () => {
        for (let attempt = 1; ; attempt += 1) {
          const found = await read(path, true);
          if (found === null) throw notFound(`file ${path}`);
          if ('problem' in found) {
            const message = `${path} ${found.problem}, so Baton can't change it.`;
            throw new BatonError('UNAVAILABLE', message, { adapter: 'local', details: {}, fix: `mend ${path}` });
          }
          const change = decide(found);
          if (change === null) return false;
          try {
            await folder.replace(path, changeMarkdown(found.file, change), found.stamp);
            return true;
          } catch (error) {
            if (attempt >= attempts || !BatonError.is(error, 'CONFLICT')) throw error;
          }
        }
      }),
    complain(path, problem, aspect = 'reading') {
      const key = JSON.stringify([path, aspect]);
      if (problem === null) {
        complaints.delete(key);
      } else if (complaints.get(key) !== problem) {
        complaints.set(key, problem);
        log('warn', `${path} ${problem}; it is left out until that is mended.`, { path });
      }
    },
  };
}

function toReadFile(path: string, bytes: Buffer, stamp: Stamp): ReadFile | Problem {
  const file = parseMarkdown(bytes);
  return 'problem' in file ? file : { path, file, stamp, hash: contentHash(bytes) };
}
