import type { Defence } from './defence.js';

/** Of the time and room that a job takes. */
export const loadDefences = {
  deletion: {
    what: 'What is discarded is moved aside at once, and deleted where it is in nobody’s way',
    module: 'packages/git-worktree/src/checkout/trash.ts',
    proof:
      'Its row is refused for its names first; `packages/git-worktree/test/trash.slow.test.ts` shows it by itself.',
  },
  bounds: {
    what: 'Sizes are looked at first, and contents only within bounds',
    module: 'packages/git-worktree/src/bounds/snapshot-bounds.ts',
    proof: {
      exports: () => ({ measureFiles: 'async (_root, names) => ({ files: names, special: [] })' }),
      row: 'large-text',
      breaks: ['ending'],
    },
  },
  'free-space': {
    what: 'Room is kept free on the disk: the job that wrote most ends, and what it wrote goes',
    module: 'packages/engine/src/run/disk-watch.ts',
    proof:
      'Without it the disk is full, the store can’t be written and the daemon stands still; `packages/engine/test/store/full-disk.test.ts` shows the watch by itself.',
  },
  'bounded-output': {
    what: 'What is kept of output is bounded',
    module: 'packages/command-agent/src/command-agent.ts',
    proof: 'Each kind of output is bounded where it is read, and again where it is shown: no one part holds it.',
  },
  'paced-reports': {
    what: 'Reports are read in pieces, between which all else goes on, and of what takes more than its length to be read only a beginning',
    module: 'packages/gates/src/reports/split-tap.ts',
    proof:
      'Without it the daemon stands still for hours; `packages/gates/test/reports/report-edges.test.ts` shows it by itself.',
  },
  'flat-names': {
    what: 'Of a path that is looked at for tests counts its name, and each directory that tells once',
    module: 'packages/gates/src/tests/test-conventions.ts',
    proof:
      'Without it the daemon stands still for many minutes; `packages/gates/test/policy/policy-test-files.test.ts` shows it by itself.',
  },
  stall: {
    what: 'A turn in which nothing is heard is ended, with all of its processes',
    module: 'packages/engine/src/agents/run-turn.ts',
    proof: 'It is a limit of time in the loop of a turn itself: without it the turn’s own limit ends it.',
  },
  rounds: {
    what: 'Rounds are bounded, and the same tree twice ends the job',
    module: 'packages/engine/src/job/fold/reduce.ts',
    proof: {
      exports: () => ({
        reduce:
          '(job, entry, now) => { const next = was(job, entry, now); return { ...next, data: { ...next.data, redTrees: [] } }; }',
      }),
      row: 'same-again',
      breaks: ['reason'],
    },
  },
} as const satisfies Readonly<Record<string, Defence>>;
