import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CallOptions, Diagnosis } from '@baton/core';
import type { Git } from '../git/git.js';

/** Whether git is there, and new enough. */
export async function diagnoseGit(git: Git, options?: CallOptions): Promise<Diagnosis> {
  try {
    const { stdout } = await git({ argv: ['version'] }, options);
    const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
    const ok = Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 38);
    const fix = ok ? null : 'Install git 2.38 or newer: putting commits on a moved base needs its merge-tree.';
    return { check: 'git', ok, detail: stdout.trim(), fix };
  } catch (error) {
    return { check: 'git', ok: false, detail: String(error), fix: 'Install git 2.38 or newer and put it in PATH.' };
  }
}

/** The first start makes the directory: until then its disk is that of the directory it will be made in. */
async function nearestExisting(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere || dirname(path) === path ? path : nearestExisting(dirname(path));
}

/** How much room there is for checkouts. */
export async function diagnoseDisk(path: string): Promise<Diagnosis> {
  try {
    const { bavail, bsize } = await statfs(await nearestExisting(path));
    const free = Math.round((bavail * bsize) / 1024 ** 3);
    const ok = free >= 5;
    const fix = ok ? null : 'Make room: below 1 GiB no spare checkout is made.';
    return { check: 'workspace disk', ok, detail: `${free} GiB are free at ${path}.`, fix };
  } catch (error) {
    return { check: 'workspace disk', ok: false, detail: String(error), fix: `Make ${path} readable.` };
  }
}
