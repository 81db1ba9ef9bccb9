import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import type { Runtime } from '@baton/core';
import { createLocal, type Local } from '@baton/local';
import { parse, stringify } from 'yaml';

const run = promisify(execFile);

/** One folder with a bare remote, in a temporary directory, and a clock that goes on with every look. */
export interface LocalWorld {
  readonly directory: string;
  readonly folder: string;
  readonly remote: string;
  readonly runtime: Runtime;
  readonly warnings: string[];
  createLocal(): Local;
  git(...command: readonly string[]): Promise<string>;
  /** One more commit on a branch of the remote; its id. */
  push(branch: string): Promise<string>;
  write(file: string, text: string | Uint8Array): Promise<void>;
  read(file: string): Promise<string>;
  /** Front matter and body of a file, read and written as a person's own tool would. */
  readParts(file: string): Promise<{ readonly fields: Record<string, unknown>; readonly body: string }>;
  writeParts(file: string, fields: object, body: string): Promise<void>;
  list(directory: string): Promise<readonly string[]>;
  /** Names, bytes, times and inodes of everything in the folder. */
  footprint(): Promise<string>;
  /** Names and bytes of everything in a directory. */
  contents(directory: string): Promise<Readonly<Record<string, string>>>;
  now(): number;
  dispose(): Promise<void>;
}

export async function createLocalWorld(): Promise<LocalWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-local-'));
  const folder = join(directory, 'project', 'tracker');
  const remote = join(directory, 'shop.git');
  const warnings: string[] = [];
  let instant = Date.UTC(2026, 0, 1);
  let ids = 0;
  const now = (): number => {
    instant += 1;
    return instant;
  };
  const runtime: Runtime = {
    clock: { now, monotonic: () => 0, sleep: (milliseconds) => wait(milliseconds) },
    random: () => 0.5,
    id(kind) {
      ids += 1;
      return `${kind.charAt(0)}${process.pid}x${ids}`;
    },
  };
  const git = async (...command: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', ['--git-dir', remote, ...command], { cwd: directory });
    return stdout.trim();
  };
  // Objects and refs as git writes them, without the cost of starting it.
  const writeObject = async (kind: 'tree' | 'commit', content: string): Promise<string> => {
    const bytes = Buffer.from(`${kind} ${Buffer.byteLength(content)}\0${content}`);
    const id = createHash('sha1').update(bytes).digest('hex');
    const path = join(remote, 'objects', id.slice(0, 2), id.slice(2));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, deflateSync(bytes));
    return id;
  };
  const commit = async (message: string, ...parents: readonly string[]): Promise<string> => {
    const who = 'Test <test@example.com> 1767225600 +0000';
    const links = parents.map((parent) => `parent ${parent}\n`).join('');
    const tree = await writeObject('tree', '');
    return writeObject('commit', `tree ${tree}\n${links}author ${who}\ncommitter ${who}\n\n${message}\n`);
  };
  const setBranch = async (branch: string, id: string): Promise<void> => {
    const path = join(remote, 'refs/heads', branch);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${id}\n`);
  };
  await run('git', ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', remote]);
  let tip = await commit('first');
  await setBranch('main', tip);
  await mkdir(join(folder, 'issues'), { recursive: true });

  const pathOf = (file: string): string => join(folder, file);
  const world: LocalWorld = {
    ...{ directory, folder, remote, runtime, warnings, git, now },
    createLocal: () =>
      createLocal({
        runtime,
        stateDirectory: join(directory, 'state'),
        configDirectory: join(directory, 'project'),
        path: 'tracker',
        remote: '../shop.git',
        log: (level, message) => warnings.push(`${level}: ${message}`),
      }),
    async push(branch) {
      tip = await commit(`change ${now()}`, tip);
      await setBranch(branch, tip);
      return tip;
    },
    async write(file, text) {
      await mkdir(dirname(pathOf(file)), { recursive: true });
      await writeFile(pathOf(file), text);
    },
    read: (file) => readFile(pathOf(file), 'utf8'),
    async readParts(file) {
      const [, front = '', body = ''] = /^---\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(await world.read(file)) ?? [];
      return { fields: parse(front) ?? {}, body: body.trim() };
    },
    writeParts: (file, fields, body) => world.write(file, `---\n${stringify(fields)}---\n\n${body}\n`),
    list: async (name) => (await readdir(pathOf(name)).catch(() => [])).filter((each) => !each.startsWith('.')).sort(),
    async footprint() {
      const hash = createHash('sha256');
      for (const name of (await readdir(folder, { recursive: true })).sort()) {
        const status = await lstat(pathOf(name), { bigint: true });
        hash.update([name, status.ino, status.size, status.mtimeNs, status.ctimeNs].join(' '));
      }
      return hash.digest('hex');
    },
    async contents(where) {
      const found: [string, string][] = [];
      for (const entry of await readdir(where, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        found.push([path, entry.isFile() ? await readFile(path, 'latin1') : 'directory']);
      }
      return Object.fromEntries(found.sort());
    },
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
  return world;
}
