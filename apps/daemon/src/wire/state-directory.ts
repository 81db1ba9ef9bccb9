import { mkdtempSync, rmdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectories } from '@baton/adapter-kit';
import type { BatonError } from '@baton/core';
import type { Config } from '../config/config.js';
import { configInvalid } from '../config/config-problem.js';
import { problemAt } from '../config/problem-at.js';

/** File systems of the kernel's own, by their magic numbers (statfs(2)): what is in them is no file. */
const kernels: ReadonlySet<number> = new Set([0x9fa0, 0x62656572, 0x1cd1, 0x27e0eb, 0x63677270]);

/** Trouble that passes, or that a running daemon deals with. */
const passing: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'EIO']);

/**
 * Looks whether the state directory can be one, and with `make` makes it. `CONFIG_INVALID` says why it can't.
 */
export function prepareStateDirectory(
  config: Config,
  { make, cwd }: { readonly make: boolean; readonly cwd: string },
): void {
  const { state } = config;
  const refuse = (message: string): BatonError =>
    configInvalid(
      [
        problemAt(config.document, ['state'], {
          message,
          fix: 'name a directory on a disk that this account can write',
        }),
      ],
      cwd,
    );
  try {
    const found = statSync(state, { throwIfNoEntry: false });
    if (found === undefined && !make) return;
    if (found === undefined) makeDirectories(state, { mode: 0o700 });
    else if (!found.isDirectory()) throw refuse(`can't be ${state}, which is no directory`);
    if (kernels.has(statfsSync(state).type)) throw refuse(`can't be ${state}: only the kernel keeps files there`);
    if (make) rmdirSync(mkdtempSync(join(state, '.probe-')));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null || !/^E[A-Z]+$/.test(code)) throw error;
    if (!passing.has(code)) throw refuse(`can't be ${state}: no directory can be made or entered there (${code})`);
  }
}
