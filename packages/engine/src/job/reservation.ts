import type { Amount } from '@baton/core';

/** Money that is set aside for one turn. */
export interface Reserved {
  readonly id: string;
  /** One and the same amount in each scope that limits it. */
  readonly amounts: readonly Amount[];
  /** What it is less than the job could use: nothing, or the rest of the project's day. */
  readonly boundBy: 'job' | 'day';
}
