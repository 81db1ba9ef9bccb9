import type { Instant } from '@baton/core';

/**
 * What people had asked for when a job ended. Only what is newer begins another job. The instants are the
 * host's, and are compared with the host's alone: its clock and ours differ.
 */
export interface LastSeen {
  /** Who had handed the issue over, and when. Null: nobody could tell. */
  readonly trigger: HandedOver | null;
  /** When title or body were edited last since then. Null: they weren't. */
  readonly editedAt: Instant | null;
}

/** Who handed an issue over. */
export interface HandedOver {
  readonly actorId: string;
  readonly at: Instant;
}
