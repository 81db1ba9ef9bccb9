import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectories, writeWhole } from '@baton/adapter-kit';
import { messageOf } from '@baton/core';
import { z } from 'zod';
import type { Environment } from '../environment/load-environment.js';
import { cutText } from '../text/cut-text.js';
import { type BatonCommit, listBatonCommits } from './baton-commits.js';
import { findCheckout } from './find-checkout.js';
import { defaultState } from './resolve-path.js';

/** A file that decides what runs on this machine, as it was read. */
export interface ControlFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Why a file may not be used, and what a person can do about it. */
export interface Unaccepted {
  readonly message: string;
  readonly fix: string;
}

const recordSchema = z.looseObject({ sha256: z.string(), commits: z.array(z.string()) });

/** How a file stood when it was used last, and the commits of Baton's in it that a person accepted. */
type Accepted = z.infer<typeof recordSchema>;

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Not below the configured `state`: the file itself could name another. */
async function recordOf(path: string, environment: Environment): Promise<string> {
  return join(defaultState(environment), 'accepted', `${hashOf(await realpath(path)).slice(0, 32)}.json`);
}

async function readRecord(record: string): Promise<Accepted> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(record, 'utf8')));
  } catch {
    // Not there, or not to be read: then nothing was accepted.
    return { sha256: '', commits: [] };
  }
}

async function writeRecord(record: string, path: string, accepted: Accepted): Promise<void> {
  makeDirectories(dirname(record), { mode: 0o700 });
  await writeWhole(record, JSON.stringify({ file: path, ...accepted }));
}

/** The names of a file in git checkouts: the one that was given, and the one behind its links. */
async function namesInCheckouts(path: string): Promise<readonly string[]> {
  return [...new Set([path, await realpath(path)])].filter((name) => findCheckout(dirname(name)) !== null);
}

async function batonCommitsOf(names: readonly string[], environment: Environment): Promise<readonly BatonCommit[]> {
  return (await Promise.all(names.map((name) => listBatonCommits(name, environment)))).flat();
}

/**
 * Why a file may not be used, or null where it may: not where it lies in a git checkout in which a commit of Baton's
 * own touched it, until a person has accepted that. Git is asked only where the content is another one than was used
 * last.
 */
export async function judgeOrigin(file: ControlFile, environment: Environment): Promise<Unaccepted | null> {
  const names = await namesInCheckouts(file.path);
  if (names.length === 0) return null;
  const accepted = await readRecord(await recordOf(file.path, environment));
  if (accepted.sha256 === hashOf(file.content)) return null;
  try {
    const found = await batonCommitsOf(names, environment);
    const [fresh] = found.filter(({ id }) => !accepted.commits.includes(id));
    if (fresh === undefined) return null;
    const commit = `${fresh.id.slice(0, 12)}, ${JSON.stringify(cutText(fresh.subject, 80))}`;
    return {
      message: `Baton itself has changed this file (commit ${commit}), so that it is not used before a person accepts it`,
      fix: 'look at it with git log --all -p, then run baton config accept',
    };
  } catch (error) {
    const said = messageOf(error);
    return {
      message: `git can't tell who changed this file: ${said}`,
      fix: 'let git read the repository, or look at the file and run baton config accept',
    };
  }
}

/** Notes that a file was used as it is. What can't be noted is looked at again next time. */
export async function rememberFile(file: ControlFile, environment: Environment): Promise<void> {
  if ((await namesInCheckouts(file.path)).length === 0) return;
  const record = await recordOf(file.path, environment);
  const accepted = await readRecord(record);
  const sha256 = hashOf(file.content);
  if (accepted.sha256 !== sha256) await writeRecord(record, file.path, { ...accepted, sha256 }).catch(() => {});
}

/** A person's yes to a file as it is, and to everything that Baton has changed in it so far. */
export async function acceptFile(file: ControlFile, environment: Environment): Promise<void> {
  // Where git can't tell, the yes is to the content alone.
  const found = await batonCommitsOf(await namesInCheckouts(file.path), environment).catch(() => []);
  const commits = found.map(({ id }) => id);
  await writeRecord(await recordOf(file.path, environment), file.path, { sha256: hashOf(file.content), commits });
}
