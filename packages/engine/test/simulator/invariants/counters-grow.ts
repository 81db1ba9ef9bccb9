import { type FoldedJob, foldedJob } from '../../../src/job/job-data.js';
import type { Invariant } from './invariant.js';
import { entriesOf } from './journals.js';

const counters: Readonly<Record<string, (job: FoldedJob) => number>> = {
  attempts: ({ attempt }) => attempt,
  rounds: ({ round }) => round,
  turns: ({ data }) => data.turns,
  reservations: ({ data }) => data.reservations,
  'the time worked': ({ data }) => data.workedMs,
  'the cost': ({ data }) => data.usage.microUsd ?? 0,
  'the refused trees': ({ data }) => data.redTrees.length,
};

export const countersGrow: Invariant = {
  promise: 'Counters belong to the job and only grow, and a round is counted where something was changed.',
  watch: () => ({
    job(event) {
      if (event.kind !== 'recorded') return null;
      const [before, after] = [foldedJob(event.before), foldedJob(event.job)];
      const shrunk = Object.entries(counters).find(([, count]) => count(after) < count(before));
      if (shrunk) return `Of job ${after.id} ${shrunk[0]} went back.`;
      const entries = entriesOf(event.change);
      if (entries.some(({ type }) => type === 'adopted')) return null;
      const rounds = entries.filter((entry) => entry.type === 'verified' && entry.data.verdict !== 'no-changes').length;
      const counted = after.round - before.round;
      return counted === rounds ? null : `Job ${after.id} counts ${counted} rounds where ${rounds} changed something.`;
    },
  }),
};
