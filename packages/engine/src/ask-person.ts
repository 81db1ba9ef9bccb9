import { never } from './backoff.js';
import type { JobEntry } from './entry.js';
import type { ActivePhase } from './job-data.js';

/** A wait that only a person ends, and where the job goes on then. */
export function askPerson(reason: string, resume: ActivePhase): JobEntry {
  return { type: 'waiting', data: { wait: 'needs-person', until: never, reason, resume, counted: false } };
}
