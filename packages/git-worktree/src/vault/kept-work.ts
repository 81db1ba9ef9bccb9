import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterHost, CallOptions, RescuedWork } from '@baton/core';
import type { Git } from '../git/git.js';
import { listVaultRefs, readRescueRef } from './vault-refs.js';

/** Rescued work, and the vault that keeps it. */
export interface VaultRescue extends RescuedWork {
  readonly vault: string;
  readonly commit: string;
}

/** The vaults in a directory. None where that isn't there. */
export async function listVaults(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  // What is being made has another ending.
  return names.flatMap((name) => (name.endsWith('.git') ? [join(directory, name)] : [])).sort();
}

/** All that was ever rescued, by job and attempt. A vault that can't be read hides nothing of the others. */
export async function listKeptWork(
  { git, vaults, log }: { readonly git: Git; readonly vaults: string; readonly log: AdapterHost['log'] },
  options?: CallOptions,
): Promise<readonly VaultRescue[]> {
  const kept: VaultRescue[] = [];
  for (const vault of await listVaults(vaults)) {
    try {
      for (const { name, commit } of await listVaultRefs(git, vault, options)) {
        const rescued = readRescueRef(name);
        if (rescued !== null) kept.push({ ...rescued, vault, commit });
      }
    } catch (error) {
      options?.signal?.throwIfAborted();
      log('error', 'a vault can not be read: what is kept in it is not listed', { path: vault, error: String(error) });
    }
  }
  return kept.toSorted((left, right) => compare(left.job, right.job) || left.attempt - right.attempt);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
