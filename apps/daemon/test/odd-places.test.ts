import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeDirectories } from '@baton/adapter-kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load-config.js';
import { prepareStateDirectory } from '../src/wire/state-directory.js';
import { ensureBuilt, runBaton } from './support/run-baton.js';
import { makeScratch } from './support/scratch.js';

beforeAll(ensureBuilt, 180_000);

const write = async (path: string, state: string): Promise<string> => {
  const file = join(path, 'baton.config.yaml');
  const project = 'name: web\n    source: { use: local }\n    agents: [{ use: command, run: "true" }]';
  writeFileSync(file, `version: 1\nstate: ${state}\nprojects:\n  - ${project}\n`);
  return file;
};

/** What is wrong with a state directory. Null: nothing. */
async function complaintOf(path: string, state: string, make: boolean): Promise<string | null> {
  const config = await loadConfig({ file: await write(path, state), environment: {}, cwd: path });
  try {
    prepareStateDirectory(config, { make, cwd: path });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a state directory', () => {
  it('that can’t be made is refused in a sentence, and never tried for ever', async () => {
    await using scratch = await makeScratch();
    const { path } = scratch;
    writeFileSync(join(path, 'file'), '');
    symlinkSync('loop', join(path, 'loop'));
    symlinkSync('nowhere/at/all', join(path, 'dangling'));
    const places = [
      '/proc/baton',
      '/proc/self/a/b',
      '/dev/null',
      '/dev/null/a',
      './file',
      './file/a/b',
      './loop',
      './dangling',
    ];
    for (const place of places) {
      const said = await complaintOf(path, place, true);
      expect([place, said]).toEqual([place, expect.stringMatching(/^baton\.config\.yaml:2:8: state: can't be \//)]);
    }
    expect(readdirSync(path).toSorted()).toEqual(['baton.config.yaml', 'dangling', 'file', 'loop']);
  });

  it('that is there is looked at, and nothing is made by looking', async () => {
    await using scratch = await makeScratch();
    const { path } = scratch;
    expect(await complaintOf(path, './later', false)).toBeNull();
    expect(existsSync(join(path, 'later'))).toBe(false);
    expect(await complaintOf(path, './a/b/c', true)).toBeNull();
    expect(readdirSync(join(path, 'a', 'b', 'c'))).toEqual([]);
    for (const make of [true, false]) {
      expect(await complaintOf(path, '/proc', make)).toContain('only the kernel keeps files there');
    }
  });

  it('makes what is missing above it, and takes what another process made', async () => {
    await using scratch = await makeScratch();
    const deep = join(scratch.path, 'a', 'b');
    makeDirectories(deep);
    mkdirSync(join(deep, 'c'));
    makeDirectories(join(deep, 'c', 'd'), { mode: 0o700 });
    expect(readdirSync(join(deep, 'c'))).toEqual(['d']);
    expect(() => makeDirectories('/proc/a/b')).toThrow('ENOENT');
  });
});

describe('a configuration that is no file', () => {
  it.each(['pipe', 'directory', '/dev/zero'])('is refused and not waited for: %s', async (kind) => {
    await using scratch = await makeScratch();
    const file = kind.startsWith('/') ? kind : join(scratch.path, `${kind}.yaml`);
    if (kind === 'pipe') await promisify(execFile)('mkfifo', [file]);
    if (kind === 'directory') mkdirSync(file);
    const loading = loadConfig({ file, environment: {}, cwd: scratch.path });
    await expect(loading).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(', not a file'),
    });
  });
});

describe('the current directory', () => {
  it('that was removed is told of in a sentence', async () => {
    await using scratch = await makeScratch();
    const { path } = scratch;
    const gone = join(path, 'gone');
    mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" status';
    const binary = join(import.meta.dirname, '..', 'bin', 'baton.js');
    const run = promisify(execFile)('sh', ['-c', script, 'sh', gone, process.execPath, binary], { cwd: path });
    await expect(run).rejects.toMatchObject({
      code: 2,
      stderr: 'error: The current directory was removed.\nfix: change to one that is there, and try again\n',
    });
  });

  it('status tells of a state that isn’t there yet as such', async () => {
    await using scratch = await makeScratch();
    const { path } = scratch;
    await write(path, './state');
    const { stdout, exitCode } = await runBaton(['status'], { cwd: path });
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining(`state ${join(path, 'state')}, which is not there yet\n`),
    ]);
    await rm(join(path, 'baton.config.yaml'));
    expect(existsSync(join(path, 'state'))).toBe(false);
  });
});
