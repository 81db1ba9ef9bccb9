import { isEnded, type JobPhase } from '@baton/core';

/** Every phase, in the order in which a job goes through them. */
export const jobPhases: readonly JobPhase[] = [
  'queued',
  'claiming',
  'preparing',
  'baseline',
  'working',
  'verifying',
  'publishing',
  'reviewing',
  'settling',
  'waiting',
  'done',
  'failed',
  'cancelled',
];

/** Those in which something more will happen. */
export const openPhases: readonly JobPhase[] = jobPhases.filter((phase) => !isEnded(phase));
