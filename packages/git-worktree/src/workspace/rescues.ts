import type { CallOptions, WorkspaceKey } from '@baton/core';
import { isStanding } from '../git/is-standing.js';
import type { SlotRecord } from '../records/slot-record.js';
import { type SnapshotParts, writeSnapshot } from '../snapshot/snapshot.js';
import { listVaults } from '../vault/kept-work.js';
import { type Attempt, findRescue, readAttempt, rescueWork } from '../vault/rescue.js';

/** What is kept of an attempt. */
export interface KeptWork {
  /** Null where there was nothing to keep. */
  readonly ref: string | null;
  readonly attempt: Attempt;
}

/** Keeps the work of checkouts before they go. */
export interface Rescues {
  /** Keeps what no remote has. Of a checkout that is gone only its commits are left. */
  keep(key: WorkspaceKey, record: SlotRecord, options?: CallOptions): Promise<KeptWork>;
  /** The name under which the work of a key was kept, in whichever vault; null where none was. */
  find(key: WorkspaceKey, options?: CallOptions): Promise<string | null>;
}

/** Does nothing before its first call. */
export function createRescues(parts: SnapshotParts): Rescues {
  const { git, layout, trees, clock } = parts;
  return {
    async keep(key, record, options) {
      const { repository, baseCommit, slot } = record;
      const vault = layout.vault(repository);
      const counts = record.ready && (await isStanding(layout.worktree(slot)));
      const tree = counts ? await writeSnapshot(parts, record, baseCommit, options) : null;
      const attempt = await readAttempt(git, vault, key, options);
      const request = { vault, key, baseCommit, attempt, tree, at: clock.now() };
      return { ref: await rescueWork({ git, trees }, request, options), attempt };
    },
    async find(key, options) {
      // What a check leaves behind is nobody's work.
      if (key.role === 'verify') return null;
      return await findRescue(git, await listVaults(layout.vaults), key, options);
    },
  };
}
