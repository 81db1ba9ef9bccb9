import { endedPhases, type JobPhase, openPhases } from '@baton/core';

/** Every phase, in the order in which a job goes through them. */
export const jobPhases: readonly JobPhase[] = [...openPhases, ...endedPhases];
