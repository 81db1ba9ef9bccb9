import { type GateRig, gateContract, leakFixture, leakScannerContract } from '@baton/conformance';
import type { CheckEvidence, CheckProof, GateInput, GateResult, ProofInput, VerifyCheckout } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryGate, createMemoryLeakScanner, type MemoryGateOptions, type ReadTreeFile } from '../src/index.js';
import { failedCases } from './failed-cases.js';

const run = { exitCode: 0, durationMs: 1, timedOut: false, tests: null, altered: [], excerpt: '' };
const never = new Promise<never>(() => {});

/** A checkout of given files, and no more. */
function viewOf(files: Readonly<Record<string, string>>): VerifyCheckout {
  const unexpected = async (): Promise<never> => {
    throw new Error('an in-memory gate only reads');
  };
  return {
    root: '/memory',
    scratch: '/memory-scratch',
    exec: unexpected,
    spawn: unexpected,
    renew: async () => {},
    altered: async () => [],
    restored: async () => [],
    setupProducts: async () => ({ unseen: [], outdated: [], ofChange: false }),
    writeFile: unexpected,
    readFile: async (path) => (files[path] === undefined ? null : new TextEncoder().encode(files[path])),
  };
}

function inputOf(verdict: string): GateInput {
  return {
    brief: {
      trigger: { kind: 'label', actor: { id: '1', login: 'maintainer', kind: 'person' }, at: 0 },
      title: 'Mend it',
      body: '',
      comments: [],
      laterEdits: [],
    },
    changes: [],
    diff: '',
    baseCommit: 'base',
    tree: `tree of ${verdict}`,
    checkout: viewOf({ verdict }),
    readText: async () => null,
    listPaths: async () => [],
    baseline: [evidence('base')],
  };
}

function evidence(side: 'base' | 'head' | 'not-run'): CheckEvidence {
  return {
    name: 'test',
    base: run,
    head: side === 'head' ? run : null,
    basis: side === 'not-run' ? 'not-run' : 'exit-code',
    knownFailures: [],
    notes: [],
  };
}

async function judge(read: ReadTreeFile): Promise<GateResult> {
  const verdict = await read('verdict');
  const checks = [evidence('head')];
  switch (verdict) {
    case 'pass':
      return { verdict, checks };
    case 'rework':
      return { verdict, feedback: 'again', checks };
    case 'hold':
      return { verdict, reason: 'look', checks };
    case 'stop':
      return { verdict, outcome: 'refused', reason: 'no', checks };
    case 'not-run':
      return { verdict, reason: 'no machine', checks: [evidence('not-run')] };
    default:
      return never;
  }
}

async function createGateRig(): Promise<GateRig> {
  return {
    gate: createMemoryGate({ judge, baseline: () => [evidence('base')] }),
    checks: ['test'],
    situations: {
      pass: async () => inputOf('pass'),
      rework: async () => inputOf('rework'),
      hold: async () => inputOf('hold'),
      stop: async () => inputOf('stop'),
      'not-run': async () => inputOf('not-run'),
    },
    hanging: async () => ({ input: inputOf('hang'), begun: Promise.resolve() }),
    processes: async () => [],
    dispose: async () => {},
  };
}

gateContract(it, createGateRig);

const passed = { ...run, tests: ['mends', 'adds', 'as recorded'].map((name) => ({ name, status: 'passed' as const })) };
const nothing = { guard: [], 'not-run': [], 'was-red': [], recorded: [], alike: [], flaky: [] };

/** Reads, file by file, which test passes. */
async function prove(
  open: (checkout: VerifyCheckout) => Promise<ReadTreeFile>,
  { checkout, unrecorded }: ProofInput,
): Promise<readonly CheckProof[]> {
  const onBase = await open(checkout);
  const failed = await onBase('failed');
  const bare = unrecorded && (await open(unrecorded));
  const recorded = (await bare?.('failed')) ?? '';
  const shown = (failed ?? '').split(',').filter((name) => name !== recorded);
  return [
    {
      ...{ name: 'test', basis: 'tests' },
      shown: shown.map((name) => ({ name, failure: 'is not mended' })),
      unshown: { ...nothing, recorded: [recorded] },
    },
  ];
}

type Prove = NonNullable<MemoryGateOptions['prove']>;

function createProvingRig(mutate: (prove: Prove) => Prove): GateRig {
  return {
    gate: createMemoryGate({ judge, prove: mutate(prove) }),
    checks: ['test'],
    situations: { pass: async () => inputOf('pass'), hold: async () => inputOf('hold') },
    proof: async () => ({
      input: {
        checkout: viewOf({ failed: 'mends,as recorded' }),
        unrecorded: viewOf({ failed: 'as recorded' }),
        result: viewOf({ failed: '' }),
        checks: [{ ...evidence('head'), basis: 'tests', head: passed }],
      },
      shown: ['mends'],
    }),
    processes: async () => [],
    dispose: async () => {},
  };
}

describe('the suite of gates bites where they prove', () => {
  const [shows, stores, runs] = [
    'shown-is-what-fails-on-the-base-and-passes-on-the-result',
    'a-proof-can-be-shown-and-stored',
    'a-proof-runs-on-what-was-made-new-and-leaves-nothing',
  ] as const;
  const changed =
    (change: (proof: Extract<CheckProof, { basis: 'tests' }>) => CheckProof): ((prove: Prove) => Prove) =>
    (right) =>
    async (open, input) =>
      (await right(open, input)).map((proof) => (proof.basis === 'tests' ? change(proof) : proof));
  const showing = (name: string, failure = 'fails') => changed((proof) => ({ ...proof, shown: [{ name, failure }] }));

  it.each<readonly [string, (prove: Prove) => Prove, readonly string[]]>([
    ['nothing on a gate that is right', (right) => right, []],
    ['on one that shows a test that passes on the base', showing('adds'), [shows]],
    ['on one that shows nothing', changed((proof) => ({ ...proof, shown: [] })), [shows]],
    [
      'on one that shows what was recorded',
      (right) => (open, input) => right(open, { ...input, unrecorded: null }),
      [shows, runs],
    ],
    ['on one that tells of another check', changed((proof) => ({ ...proof, name: 'other' })), [shows]],
    [
      'on one that tells of a test twice',
      changed((proof) => ({ ...proof, unshown: { ...nothing, guard: ['mends'] } })),
      [shows],
    ],
    ['on one that shows what its report printed', showing('mends', 'fails\u001b[2K'), [stores]],
    [
      'on one that runs on what stood there',
      (right) => (_open, input) => right(async (each) => (path) => readText(each, path), input),
      [runs],
    ],
    [
      'on one that tells no reason',
      () => async () => [{ name: 'test', basis: 'exit-code', isShown: false, reason: '' }],
      [shows, stores, runs],
    ],
  ])('%s', async (_what, mutate, failed) => {
    expect(await failedCases(gateContract, () => createProvingRig(mutate), [shows, stores, runs])).toEqual(failed);
  });
});

async function readText(checkout: VerifyCheckout, path: string): Promise<string | null> {
  const bytes = await checkout.readFile(path);
  return bytes && new TextDecoder().decode(bytes);
}

/** A rig whose gate tells more of its one check. */
async function createToldRig(told: Partial<CheckEvidence>): Promise<GateRig> {
  const rig = await createGateRig();
  const gate = createMemoryGate({
    baseline: () => [evidence('base')],
    judge: async (read) => {
      const result = await judge(read);
      return { ...result, checks: result.checks.map((check) => ({ ...check, ...told })) };
    },
  });
  return { ...rig, gate };
}

describe('the suite of gates bites', () => {
  const wanted = ['a-check-tells-nothing-graver-than-the-whole', 'what-fails-newly-fails-and-was-no-known-failure'];
  const failedRun = { ...run, tests: [{ name: 'adds', status: 'failed' }] } as const;

  it.each<readonly [string, Partial<CheckEvidence>, readonly string[]]>([
    ['nothing more', {}, []],
    ['a check that passes', { verdict: 'pass' }, []],
    ['a check that is graver than the whole', { verdict: 'hold' }, [wanted[0] ?? '']],
    ['a test that failed nowhere', { newFailures: ['adds'] }, [wanted[1] ?? '']],
    [
      'a new failure that is a known one',
      { head: failedRun, verdict: 'rework', newFailures: ['adds'], knownFailures: ['adds'] },
      wanted,
    ],
    ['a new failure that passes', { head: failedRun, verdict: 'pass', newFailures: ['adds'] }, [wanted[1] ?? '']],
  ])('%s', async (_what, told, failed) => {
    const rig = await createToldRig(told);
    expect(await failedCases(gateContract, () => rig, wanted)).toEqual(failed);
  });
});

describe('the memory gate', () => {
  it('tells what it was asked', async () => {
    const gate = createMemoryGate({ judge, baseline: () => [], cacheKey: 'k' });
    await gate.check(inputOf('pass'));
    await gate.check(inputOf('rework'));
    await gate.baseline?.(viewOf({}));
    expect(gate.checkedTrees).toEqual(['tree of pass', 'tree of rework']);
    expect(gate.baselineCalls).toBe(1);
    expect(gate.cacheKey).toBe('k');
  });

  it('has no baseline where it is given none', () => {
    expect(createMemoryGate()).not.toHaveProperty('baseline');
  });
});

const encoded = 'it finds what it is given as it stands, and decodes nothing';
leakScannerContract(
  it,
  async () => {
    const scanner = createMemoryLeakScanner({ secrets: () => [leakFixture] });
    return { scanner, breakDown: () => scanner.fail(new Error('broken')), dispose: async () => {} };
  },
  {
    knownGaps: Object.fromEntries(
      [
        'base64-aligned',
        'base64-one-byte-on',
        'base64-two-bytes-on',
        'base64url',
        'hex-lower-case',
        'hex-upper-case',
        'url-encoded',
        'url-encoded-wholly',
        'reversed',
        'split-over-lines',
        'split-over-strings',
      ].map((form) => [`finds-${form}`, encoded]),
    ),
  },
);
