import { execFile } from 'node:child_process';
import { link, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContained, writeContained } from '../../src/workspace/contained-files.js';

let home: string;
let root: string;

describe('files of a checkout', () => {
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'baton-contained-'));
    root = join(home, 'root');
    await mkdir(join(root, 'in'), { recursive: true });
    await mkdir(join(home, 'out'));
    await writeFile(join(home, 'out/secret'), 'secret\n');
  });
  afterEach(() => rm(home, { recursive: true }));

  it('does not hang on a pipe, nor read a directory', async () => {
    await promisify(execFile)('mkfifo', [join(root, 'pipe')]);
    expect(await readContained(root, 'pipe')).toBeNull();
    expect(await readContained(root, 'in')).toBeNull();
    await expect(writeContained(root, 'pipe', 'x')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(writeContained(root, 'in', 'x')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('writes through a link that stays inside, keeps modes, and parts hard links', async () => {
    await symlink('in', join(root, 'link'));
    await writeContained(root, 'link/new/file', 'one\n');
    expect(await readFile(join(root, 'in/new/file'), 'utf8')).toBe('one\n');
    await writeFile(join(root, 'run.sh'), 'a longer text\n', { mode: 0o755 });
    await writeContained(root, 'run.sh', 'b\n');
    expect(await readFile(join(root, 'run.sh'), 'utf8')).toBe('b\n');
    expect((await lstat(join(root, 'run.sh'))).mode & 0o777).toBe(0o755);
    await link(join(home, 'out/secret'), join(root, 'twin'));
    await writeContained(root, 'twin', 'changed\n');
    expect(await readFile(join(home, 'out/secret'), 'utf8')).toBe('secret\n');
    expect(await readFile(join(root, 'twin'), 'utf8')).toBe('changed\n');
  });

  it('reaches nothing outside while a name is exchanged for a link again and again', async () => {
    const path = (name: string): string => join(root, name);
    const prepare = async (): Promise<void> => {
      for (const name of ['flip', 'aside', 'other']) await rm(path(name), { recursive: true, force: true });
      await mkdir(path('flip'));
      await writeFile(path('flip/secret'), 'inside\n');
      await symlink(join(home, 'out'), path('other'));
    };
    let over = false;
    const flipping = (async () => {
      while (!over) {
        try {
          await prepare();
          for (let turn = 0; turn < 50 && !over; turn += 1) {
            await rename(path('flip'), path('aside'));
            await rename(path('other'), path('flip'));
            await rename(path('flip'), path('other'));
            await rename(path('aside'), path('flip'));
          }
        } catch {
          // The writer made a directory in between: begin anew.
        }
      }
    })();
    const seen = new Set<string>();
    for (let round = 0; round < 400; round += 1) {
      const read = await readContained(root, 'flip/secret').catch(() => null);
      if (read !== null) seen.add(new TextDecoder().decode(read));
      await writeContained(root, 'flip/secret', 'inside\n').catch(() => {});
      await writeContained(root, `flip/made/${round}`, 'inside\n').catch(() => {});
    }
    over = true;
    await flipping;
    expect(seen.has('secret\n')).toBe(false);
    expect(await readFile(join(home, 'out/secret'), 'utf8')).toBe('secret\n');
    await expect(lstat(join(home, 'out/made'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
