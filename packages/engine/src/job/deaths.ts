import type { JobEntry } from './entry.js';
import type { FoldedJob } from './job-data.js';

/** From so many deaths on, nothing else is at work while the job is: then it is known whose they are. */
const aloneFrom = 2;
/** A job in whose step so many daemons died, one after another, is what kills them. */
const mostDeaths = 3;

/** Facts that come again with each try at a step, and so are no progress: what a turn tells on its way too. */
const repeated: ReadonlySet<JobEntry['type']> = new Set([
  'step-interrupted',
  'turn-started',
  'turn-lost',
  'turn-reserved',
  'usage',
  'checkpoint',
  'step-stopped',
  'mirrored',
  'slept',
  'looked',
  'issue-claimed',
  'strayed',
  'moved',
  'resumed',
  'signalled',
]);

/** How daemons died in the step that is due, after one more fact. Pure. */
export function countDeaths(job: FoldedJob, entry: JobEntry): readonly string[] {
  const { deaths } = job.data;
  if (entry.type === 'step-interrupted' && entry.data.death) return [...deaths, entry.data.death];
  return repeated.has(entry.type) ? deaths : [];
}

/** Whether only a person may have the job go on. */
export function isHeldForDeaths({ data }: FoldedJob): boolean {
  return data.deaths.length >= mostDeaths;
}

/** Why it is held, for that person. */
export function whyHeldForDeaths({ data }: FoldedJob): string {
  const step = data.intent === null ? 'a step' : `the step ${data.intent.step}`;
  return `The daemon died ${data.deaths.length} times in ${step} of this job, the last time with nothing else at work: ${data.deaths.at(-1)}. Approve to have it tried again, or cancel the job.`;
}

/** Whether nothing else may be at work while the job is. `deathOf`: how a worker died, where that is known. */
export function mustRunAlone({ data }: FoldedJob, deathOf: (worker: string) => string | null): boolean {
  const { intent, deaths } = data;
  const isOneMore = intent?.open === true && intent.worker !== undefined && deathOf(intent.worker) !== null;
  return deaths.length + (isOneMore ? 1 : 0) >= aloneFrom;
}
