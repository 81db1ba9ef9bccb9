import type { JobEntry } from '../entry.js';
import type { FoldedJob, JobData, StepName } from '../job-data.js';

/** Steps in which a job is worked on. In the others a host is asked, and its outage is nobody's work. */
const worked: ReadonlySet<StepName> = new Set(['prepare', 'baseline', 'work', 'verify']);

/**
 * How long a job was worked after one more fact. A step counts as it goes on, so that a crash in the middle of it
 * takes back no more than what passed since its last word. Pure.
 */
export function countTime(before: FoldedJob, entry: JobEntry): Pick<JobData, 'workedMs' | 'countedMs'> {
  const { workedMs, countedMs } = before.data;
  const upTo = (elapsedMs: number): number => workedMs + Math.max(0, elapsedMs - countedMs);
  switch (entry.type) {
    case 'step-begun':
    case 'step-interrupted':
      return { workedMs, countedMs: 0 };
    case 'usage':
    case 'checkpoint':
    case 'step-stopped': {
      const { elapsedMs = 0 } = entry.data;
      if (entry.type === 'step-stopped' && !worked.has(entry.data.step)) return { workedMs, countedMs };
      return { workedMs: upTo(elapsedMs), countedMs: Math.max(countedMs, elapsedMs) };
    }
    case 'step-failed':
      return { workedMs: worked.has(entry.data.step) ? upTo(entry.data.durationMs) : workedMs, countedMs: 0 };
    case 'prepared':
    case 'baselined':
    case 'turn-ended':
    case 'verified':
      return { workedMs: upTo(entry.data.durationMs), countedMs: 0 };
    default:
      return { workedMs, countedMs };
  }
}
