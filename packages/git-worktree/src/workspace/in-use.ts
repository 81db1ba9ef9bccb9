import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isOwnerAlive, readOwner, sweepProcesses } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import { mapMachineFailure } from '../git/map-error.js';
import type { Layout } from '../vault/layout.js';

/**
 * Which process has commands under way in a checkout, for the other processes on one state directory: a daemon that
 * lost a job to another takes a moment to notice. In sync, so that nothing comes between a count and its mark.
 */
export interface InUse {
  /** Before the first command of this process in the checkout. */
  mark(slot: string): void;
  /** After the last one. */
  clear(slot: string): void;
  /**
   * Resolves once no command of another process runs in the checkout. `UNAVAILABLE` while one of a living process
   * does; what a dead one left is ended.
   */
  ensureFree(slot: string): Promise<void>;
}

/** The marks of a state directory. Where the system can't tell whether a process lives (outside Linux), nothing is marked. */
export function createInUse(layout: Layout): InUse {
  const self = readOwner();
  return {
    mark(slot) {
      if (self === null) return;
      const path = layout.inUse(slot);
      try {
        writeFileSync(path, self);
      } catch (error) {
        throw mapMachineFailure(error, path);
      }
    },
    clear: (slot) => rmSync(layout.inUse(slot), { force: true }),
    async ensureFree(slot) {
      const path = layout.inUse(slot);
      const owner = readMark(path);
      if (owner === null || owner === self) return;
      if (isOwnerAlive(owner)) {
        const pid = owner.split('.')[0];
        throw new BatonError('UNAVAILABLE', `Process ${pid}, another Baton, still runs a command in this checkout.`, {
          details: {},
          adapter: 'git-worktree',
          fix: `It ends by itself once process ${pid} notices that it lost the job; end that process if it hangs.`,
        });
      }
      await sweepProcesses();
      rmSync(path, { force: true });
    },
  };
}

function readMark(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
