import { never } from './backoff.js';
import type { JobEntry } from './entry.js';

/** A green result that waits for a person, because that was asked. */
export const notPublished: JobEntry = {
  type: 'waiting',
  data: {
    wait: 'needs-person',
    until: never,
    reason: 'The checks are green. It is not published, as was asked.',
    resume: 'publishing',
    counted: false,
  },
};
