import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeWhole, writeWhole } from '../src/index.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baton-whole-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

describe('a file that is written whole', () => {
  it('replaces what was there, for its owner alone, and leaves nothing beside it', async () => {
    const path = join(directory, 'a.json');
    await writeFile(path, 'a longer text that was there', { mode: 0o644 });
    await writeWhole(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['a.json']);
  });

  it('replaces a link of its name, and writes nothing where that leads', async () => {
    const [path, elsewhere] = [join(directory, 'a.json'), join(directory, 'elsewhere')];
    await writeFile(elsewhere, 'kept');
    await symlink(elsewhere, path);
    await writeWhole(path, 'new');
    expect(await readFile(elsewhere, 'utf8')).toBe('kept');
    await expect(readlink(path)).rejects.toMatchObject({ code: 'EINVAL' });
  });

  it('leaves all as it was where it can not be put in its place', async () => {
    const path = join(directory, 'a.json');
    await mkdir(path);
    await writeFile(join(path, 'inside'), '');
    await expect(writeWhole(path, 'new')).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
    });
    const refused = placeWhole(join(directory, 'b.json'), 'new', 0o600, async (temporary) => {
      expect(await readFile(temporary, 'utf8')).toBe('new');
      throw new Error('changed meanwhile');
    });
    await expect(refused).rejects.toThrow('changed meanwhile');
    await expect(writeWhole(join(directory, 'no', 'c.json'), 'new')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(directory)).toEqual(['a.json']);
  });

  it.runIf(canTrace)('is on the disk before it has its name, and then its name is (needs strace)', () => {
    const source = fileURLToPath(new URL('../src/files/write-whole.ts', import.meta.url));
    const [path, trace] = [join(directory, 'a.json'), join(directory, 'trace')];
    const script = `const { writeWhole } = await import(${JSON.stringify(source)}); await writeWhole(${JSON.stringify(path)}, 'new');`;
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
    execFileSync('strace', ['-f', '-y', '-o', trace, '-e', 'trace=fsync,fdatasync,rename,renameat,renameat2', ...node]);
    const calls = execFileSync('grep', ['-F', directory, trace], { encoding: 'utf8' });
    const said = calls
      .split('\n')
      .flatMap((line) => /\b(f(?:data)?sync|rename)(?:at2?)?\((.*)/.exec(line)?.slice(1, 3).join(' ') ?? []);
    expect(said.map((each) => each.replace(/^fdatasync/, 'fsync'))).toEqual([
      expect.stringMatching(/^fsync \d+<.*\/\.baton-[0-9a-f]+\.tmp>/),
      expect.stringMatching(/^rename .*\.tmp.*a\.json/),
      expect.stringContaining(`<${directory}>`),
    ]);
  });
});
