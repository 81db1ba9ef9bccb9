import { never } from '../job/backoff.js';
import type { JobEntry } from '../job/entry.js';
import type { ActivePhase } from '../job/job-data.js';

/** A wait that only a person ends, and where the job goes on then. */
export function askPerson(reason: string, resume: ActivePhase): JobEntry {
  return { type: 'waiting', data: { wait: 'needs-person', until: never, reason, resume, counted: false } };
}
