import type { Defence } from './defence.js';

const passing = (id: string): string =>
  `() => ({ spec: 'gate/1', id: '${id}', check: async () => ({ verdict: 'pass', checks: [] }) })`;

/** Of what makes a change look checked. */
export const checkDefences = {
  'lost-tests': {
    what: 'Tests that are gone or skipped are for a person to look at, by the files where no report tells',
    module: 'packages/gates/src/tests/test-loss-gate.ts',
    proof: {
      exports: () => ({ createTestLossGate: passing('test-loss') }),
      row: 'passing-tests-deleted',
      breaks: ['ending', 'branch'],
    },
  },
  'compared-tests': {
    what: 'Where there is a report, result and base are compared test by test',
    module: 'packages/gates/src/checks/compare-runs.ts',
    proof: {
      exports: () => ({
        compareRuns:
          '(base, result, rules) => was(base && { ...base, tests: null }, { ...result, tests: null }, rules)',
      }),
      row: 'passing-test-replaced',
      breaks: ['ending', 'branch'],
    },
  },
  'heeded-output': {
    what: 'Where what the runner printed tells of failures that its report or exit code leaves out, or is silenced, a person is asked',
    module: 'packages/gates/src/checks/heed-output.ts',
    proof: {
      exports: () => ({ heedOutput: '(base, head, comparison) => comparison' }),
      row: 'report-rewritten-at-exit',
      breaks: ['ending', 'branch'],
    },
  },
  targets: {
    what: 'New files that keep make from running a target are for a person to look at',
    module: 'packages/gates/src/policy/judge-targets.ts',
    proof: {
      exports: () => ({ judgeTargets: 'async () => []' }),
      row: 'target-is-a-file',
      breaks: ['ending', 'branch'],
    },
  },
  'base-tests': {
    what: 'Checks are run with the tests of the base too, and what is red then is for a person to look at',
    module: 'packages/engine/src/verify/with-base-versions.ts',
    proof: {
      exports: () => ({ judgeWithBaseVersions: 'async () => []' }),
      row: 'assertion-weakened',
      breaks: ['ending', 'branch'],
    },
  },
  'fresh-runs': {
    what: 'Each run is on a checkout of its own: the tree, and what a setup made in which no agent’s code ran',
    module: 'packages/gates/src/checks/run-check.ts',
    proof: {
      exports: () => ({
        runCheck:
          '(() => { const made = new WeakSet(); return (command, checkout, options) => was(command, { ...checkout, renew: async (call) => { if (!made.has(checkout)) await checkout.renew(call); made.add(checkout); } }, options); })()',
      }),
      beside: [
        {
          module: 'packages/gates/src/checks/refuse-alteration.ts',
          exports: { refuseAlteration: '(base, head, comparison) => comparison' },
        },
      ],
      row: 'check-rewrites-the-next',
      breaks: ['ending', 'branch'],
    },
  },
  'dependencies-alone': {
    what: 'Of what a setup made, checks see dependencies alone: what else it made may be made of the base’s sources',
    module: 'packages/git-worktree/src/setup/dependency-paths.ts',
    proof: {
      exports: () => ({ isDependency: '() => true' }),
      row: 'setup-builds-the-base',
      breaks: ['ending', 'branch', 'next-job'],
    },
  },
  'outdated-copies': {
    what: 'Where a setup keeps copies of what the change changes, a person is asked',
    module: 'packages/git-worktree/src/snapshot/outdated-copies.ts',
    proof: {
      exports: () => ({ findOutdated: 'async () => []' }),
      row: 'setup-copies-the-base',
      breaks: ['ending', 'branch'],
    },
  },
  'altered-files': {
    what: 'A run that leaves tracked files changed is red, and one that wrote them and put them back is for a person',
    module: 'packages/gates/src/checks/refuse-alteration.ts',
    proof: {
      exports: () => ({ refuseAlteration: '(base, head, comparison) => comparison' }),
      row: 'test-alters-what-is-tracked',
      breaks: ['ending', 'branch'],
    },
  },
  checks: {
    what: 'Baton runs the checks itself, on exactly the tree that it commits',
    module: 'packages/gates/src/checks/check-gate.ts',
    proof: {
      exports: () => ({ createCheckGate: passing('checks') }),
      row: 'broken-work',
      breaks: ['ending', 'branch'],
    },
  },
  review: {
    what: 'A person reads the change',
    module: null,
    proof: 'It is people’s.',
  },
} as const satisfies Readonly<Record<string, Defence>>;
