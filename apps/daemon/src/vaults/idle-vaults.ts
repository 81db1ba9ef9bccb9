import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type CallOptions, isEnded, type JobStore } from '@baton/core';
import { listRefs, listVaults } from './find-vault.js';

/** A bare repository of the daemon's, and whether anything still needs it. */
export interface JudgedVault {
  /** Absolute. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly usedAt: number;
  /** Why it stays, in words; null where nothing needs it. */
  readonly keptFor: string | null;
}

/** So long nothing was done in it: bringing a repository in again costs a clone. */
const idleDays = 30;

function lastUsed(vault: string): number {
  const places = ['.', 'FETCH_HEAD', 'packed-refs', 'refs', 'refs/heads', 'objects', 'objects/pack'];
  const own = ['worktrees', 'checkouts', ...places, ...places.map((place) => join('base.git', place))];
  return Math.max(...own.map((place) => statSync(join(vault, place), { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

async function need(vault: string, store: JobStore, now: number, call: CallOptions): Promise<string | null> {
  // A person's worktrees, and those of an earlier version, stand in the first.
  for (const each of ['worktrees', 'checkouts'].map((name) => join(vault, name))) {
    if (existsSync(each) && readdirSync(each).length > 0) return 'it has checkouts';
  }
  if (existsSync(join(vault, 'reftable'))) return 'its refs are in a form that is not read here';
  const refs = listRefs(vault);
  if (refs.some((ref) => ref.startsWith('refs/baton/rescue/'))) return 'it holds rescued work';
  // What was fetched comes back; everything else is named by its job: refs/baton/<kind>/<job>/…
  const ofJobs = refs.filter((ref) => !ref.startsWith('refs/baton/remote/'));
  for (const id of new Set(ofJobs.flatMap((ref) => ref.split('/')[3] ?? []))) {
    const job = await store.get(id, call);
    // What this store doesn't know may be another's (G12).
    if (job === null) return `it holds work of ${id}, which is not in this store`;
    if (!isEnded(job.phase)) return `it holds work of ${id}, which is ${job.phase}`;
  }
  const idleMs = now - lastUsed(vault);
  return idleMs >= idleDays * 86_400_000 ? null : `it was used within ${idleDays} days`;
}

/** Every bare repository below a state directory, judged by what is in it. Reads only. */
export async function judgeVaults(
  state: string,
  store: JobStore,
  now: number,
  call: CallOptions,
): Promise<readonly JudgedVault[]> {
  const judged: JudgedVault[] = [];
  for (const path of listVaults(state)) {
    judged.push({ path, usedAt: lastUsed(path), keptFor: await need(path, store, now, call) });
  }
  return judged;
}

/** Folders of compiled code that other versions of Node left beside this one's, unused for as long. Absolute. */
export function listOldCompiledCode(current: string | undefined, now: number): readonly string[] {
  if (current === undefined || !/[\\/]baton[\\/]compiled[\\/][^\\/]+$/.test(current)) return [];
  const folder = join(current, '..');
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path !== current && now - statSync(path).mtimeMs >= idleDays * 86_400_000);
}
