import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { RemoteHeads } from './remote-heads.js';

const listed = 5;

/** What a repository's `HEAD` names, where it lies on this machine; null where nobody tells. Git itself tells of no branch that isn't there. */
async function readHead(remote: string): Promise<string | null> {
  const path = remote.replace(/^file:\/\//, '');
  if (!isAbsolute(path)) return null;
  for (const file of [join(path, 'HEAD'), join(path, '.git', 'HEAD')]) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const branch = /^ref: refs\/heads\/(\S+)\s*$/.exec(text)?.[1];
    if (branch !== undefined) return branch;
  }
  return null;
}

/** Why a remote has no default branch, as a sentence, and what mends it. */
export async function describeHeadless(
  remote: string,
  { branches }: RemoteHeads,
): Promise<{ readonly detail: string; readonly fix: string }> {
  const [first, ...rest] = branches.keys();
  if (first === undefined) return { detail: `${remote} is empty.`, fix: 'push a first commit' };
  const head = await readHead(remote);
  const names = [first, ...rest].slice(0, listed).join(', ') + (rest.length >= listed ? ', …' : '');
  const named = head === null ? 'a branch that is not there' : `the branch ${head}, which is not there`;
  const likely = ['main', 'master'].find((name) => branches.has(name)) ?? first;
  return {
    detail: `HEAD of ${remote} names ${named}; it has ${names}.`,
    fix: `on the remote run git symbolic-ref HEAD refs/heads/${likely}${head === null ? '' : `, or push ${head}`}`,
  };
}
