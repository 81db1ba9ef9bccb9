import type { Instant } from '@baton/core';
import type { EntryOf } from './entry.js';
import type { FoldedJob } from './job-data.js';
import { end, wake, withData } from './transitions.js';

/** What a job makes of a signal. Pure. */
export function heed(job: FoldedJob, entry: EntryOf<'signalled'>, at: Instant): FoldedJob {
  const { type, message } = entry.data;
  // What ends a job is not undone; only the wait for another try at it may be over sooner.
  if (job.data.ending !== null)
    return type === 'wake' && job.phase === 'waiting' ? wake(job, job.data.resume, at) : job;
  const waitsForPerson = job.wait === 'needs-person';
  switch (type) {
    case 'cancel':
      return end(job, 'cancelled', message ?? 'A person cancelled it.', at);
    case 'reject':
      return waitsForPerson ? end(job, 'refused', message ?? 'A person rejected it.', at) : job;
    case 'approve':
      return waitsForPerson ? approve(job, at) : job;
    case 'steer': {
      const steered = withData(job, {
        steering: message === null ? job.data.steering : [...job.data.steering, message],
      });
      if (job.phase === 'reviewing') return wake(steered, null, at);
      return waitsForPerson && job.data.resume !== 'claiming' ? wake(steered, 'working', at) : steered;
    }
    case 'wake':
      return waitsForPerson ? job : wake(job, job.data.resume, at);
  }
}

/** What a person said yes to depends on what was asked: edits of the issue, or a tree that was held. */
function approve(job: FoldedJob, at: Instant): FoldedJob {
  if (job.data.resume === 'claiming') return wake(withData(job, { editsApproved: true }), 'claiming', at);
  if (job.data.resume !== 'publishing') return wake(job, 'working', at);
  return wake(withData(job, { approvedTree: job.data.judged?.tree ?? null }), 'publishing', at);
}
