import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Something that was written, and where it was found. */
export interface Written {
  readonly where: string;
  readonly text: string;
}

/** Every way in which a secret could be written by a program that handles it: plain, for git's Basic header, in a URL. */
export function spellings(secret: string): readonly string[] {
  const users = ['', 'x-access-token:', 'oauth2:'];
  const encoded = users.flatMap((user) =>
    (['base64', 'base64url'] as const).map((how) => Buffer.from(`${user}${secret}`).toString(how).replace(/=+$/, '')),
  );
  const bytes = Buffer.from(secret);
  const escaped = bytes.toString('hex').replace(/../g, '%$&');
  return [...new Set([secret, encodeURIComponent(secret), escaped, bytes.toString('hex'), ...encoded])];
}

/** Where a secret stands, in any spelling: `<where>` of each text that holds it. */
export function findSecret(secret: string, written: readonly Written[]): readonly string[] {
  const needles = spellings(secret);
  return written.filter(({ text }) => needles.some((each) => text.includes(each))).map(({ where }) => where);
}

/** Every file below a directory, by its bytes, names and targets of links included, and everything inside of git's objects. */
export async function readEverything(directory: string): Promise<readonly Written[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: Written[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    found.push({ where: `name of ${path}`, text: path.slice(directory.length) });
    if (entry.isSymbolicLink()) found.push({ where: path, text: await readlink(path) });
    if (entry.isFile()) found.push({ where: path, text: await readFile(path, 'latin1').catch(() => '') });
    if (entry.isDirectory() && entry.name === 'objects') found.push(await readObjects(entry.parentPath));
  }
  return found;
}

/** Git packs its objects: their contents are in no file as they are. */
async function readObjects(repository: string): Promise<Written> {
  const argv = ['--git-dir', repository, 'cat-file', '--batch', '--batch-all-objects', '--buffer'];
  const options = { encoding: 'latin1', maxBuffer: 256 * 1024 * 1024 } as const;
  const { stdout } = await run('git', argv, options);
  return { where: `objects of ${repository}`, text: stdout };
}

/** Git's configuration as a program with this home directory sees it: of the machine and of the account. */
export async function readGitConfig(home: string): Promise<readonly Written[]> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home };
  return Promise.all(
    ['--system', '--global'].map(async (scope) => {
      // Ends with 1 where there is no such file.
      const { stdout } = await run('git', ['config', '--list', scope], { env }).catch(() => ({ stdout: '' }));
      return { where: `git config ${scope}`, text: stdout };
    }),
  );
}
