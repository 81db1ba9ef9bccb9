import {
  BatonError,
  type CallOptions,
  type CheckEvidence,
  type CheckProof,
  type CheckRun,
  type ProofInput,
  type VerifyCheckout,
} from '@baton/core';
import { cleanName } from '../text/clean-output.js';
import type { ResolvedCommand } from './check-command.js';
import { describeEnding } from './compare-runs.js';
import { decideByExitCode, decideByTests } from './decide-proof.js';
import { type MeasuredRun, runCheck } from './run-check.js';

/** A check that is to show what the tests of a change are worth. */
interface AskedCheck {
  readonly command: ResolvedCommand;
  readonly before: CheckRun | null;
  readonly result: CheckRun;
}

const longestFailure = 160;
/** Read of a message that the change's own tests wrote. */
const longestMessage = 20_000;
/** From here on a message tells where it failed, which the names of the old code's lines tell nobody. */
const whereabouts = /^(?:at |❯|stack:|location:|code:|File "|Traceback )/;

/** As Node's runner writes the error that a test threw, in JUnit: as one of its own, opened for its properties. */
const ofNode = /^\[?Error \[ERR_TEST_FAILURE\]: (.+?)(?:\]? \{)?$/;

/** How a proof is run. */
interface ProofRules {
  readonly mask: (text: string) => string;
  /** How often what would show the change is run again on the base, where it has to fail each time. */
  readonly retries: number;
}

/** `Gate.prove` of the operator's commands, with what each needs built. What shows nothing is run once. */
export async function proveFix(
  commands: readonly ResolvedCommand[],
  { mask, retries }: ProofRules,
  { checkout, unrecorded, result, checks }: ProofInput,
  call: CallOptions | undefined,
): Promise<readonly CheckProof[]> {
  const proofs: CheckProof[] = [];
  for (const asked of askedChecks(commands, checks)) {
    const { command } = asked;
    const run = async (on: VerifyCheckout): Promise<MeasuredRun | string> => {
      call?.signal?.throwIfAborted();
      return await measure(command, on, mask, call);
    };
    proofs.push({ name: command.name, ...(await proveBy(asked, { checkout, unrecorded, result, retries, run })) });
  }
  return proofs;
}

interface ProofPlan extends Pick<ProofInput, 'checkout' | 'unrecorded' | 'result'>, Pick<ProofRules, 'retries'> {
  run(on: VerifyCheckout): Promise<MeasuredRun | string>;
}

async function proveBy(asked: AskedCheck, { checkout, unrecorded, result, retries, run }: ProofPlan): Promise<Decided> {
  const first = await run(checkout);
  if (typeof first === 'string') return notShown(`On the base with the tests of the change, ${first}.`);
  const onBase: [MeasuredRun, ...MeasuredRun[]] = [first];
  const decideWith = (more: Pick<Measured, 'after' | 'bare'>): Decided =>
    decide(asked, { onBase, ...more }, checkout.root);
  let proof = decideWith({ after: null, bare: null });
  while (isShown(proof) && onBase.length <= retries) {
    const again = await run(checkout);
    if (typeof again === 'string') return notShown(`On the base with the tests of the change, ${again}.`);
    onBase.push(again);
    proof = decideWith({ after: null, bare: null });
  }
  if (!isShown(proof)) return proof;
  // After the base: what passed before it may fail in each later run, whatever that is on.
  const after = retries === 0 ? null : await run(result);
  if (typeof after === 'string') return notShown(`On the result, when it was run again, ${after}.`);
  proof = decideWith({ after, bare: null });
  if (unrecorded === null || !isShown(proof)) return proof;
  const bare = await run(unrecorded);
  if (typeof bare === 'string') return notShown(`Without what the change recorded, ${bare}.`);
  return decideWith({ after, bare });
}

/** Those that tell their tests by name; where none does, those that sum up tests; where none does that either, all. */
function askedChecks(commands: readonly ResolvedCommand[], checks: readonly CheckEvidence[]): readonly AskedCheck[] {
  const measured = commands.flatMap((command) => {
    const { base = null, head = null } = checks.find(({ name }) => name === command.name) ?? {};
    return head === null ? [] : [{ command, before: base, result: head }];
  });
  const telling = measured.filter(({ result }) => (result.tests?.length ?? 0) > 0);
  const summing = measured.filter(({ result }) => (result.summary?.runners.length ?? 0) > 0);
  return [telling, summing].find((each) => each.length > 0) ?? measured;
}

/** What it did, or why it did nothing. */
async function measure(
  command: ResolvedCommand,
  checkout: VerifyCheckout,
  mask: (text: string) => string,
  call: CallOptions | undefined,
): Promise<MeasuredRun | string> {
  try {
    const measured = await runCheck(command, checkout, { mask, watchesBuilds: false }, call);
    if (!('build' in measured)) return measured;
    return `\`${measured.build.name}\`, which it needs, ended with ${describeEnding(measured)}`;
  } catch (error) {
    if (!BatonError.is(error, 'COMMAND_FAILED')) throw error;
    return `it could not be started: ${error.message}`;
  }
}

/** A `CheckProof` without the name. */
type Decided = CheckProof extends infer Each ? (Each extends CheckProof ? Omit<Each, 'name'> : never) : never;

function isShown(proof: Decided): boolean {
  return proof.basis === 'tests' ? proof.shown.length > 0 : proof.isShown;
}

/** What was run. */
interface Measured {
  readonly onBase: readonly [MeasuredRun, ...MeasuredRun[]];
  /** On the result, after these. Null: not yet, or never. */
  readonly after: MeasuredRun | null;
  /** On the result without what the change recorded. Null: likewise. */
  readonly bare: MeasuredRun | null;
}

function decide({ before, result }: AskedCheck, { onBase, after, bare }: Measured, root: string): Decided {
  const [first, ...again] = onBase;
  const onBaseRuns = [first.run, ...again.map(({ run }) => run)] as const;
  const [resultAgain, unrecorded] = [after?.run ?? null, bare?.run ?? null];
  const runs = { before, onBase: onBaseRuns, result, resultAgain, unrecorded };
  const tells = (result.tests?.length ?? 0) > 0;
  if (!tells) return { basis: 'exit-code', ...decideByExitCode(runs) };
  const silent = onBaseRuns.find(({ tests }) => tests === null);
  if (silent !== undefined) {
    return notShown(`On the base with the tests of the change it tells of no test: ${describeEnding(silent)}.`);
  }
  if (resultAgain !== null && resultAgain.tests === null) {
    return notShown(`On the result it tells of no test when it is run again: ${describeEnding(resultAgain)}.`);
  }
  const failureOf = (test: string): string => firstWords(first.messages.get(test) ?? '', root);
  return { basis: 'tests', ...decideByTests(runs, failureOf) };
}

function notShown(reason: string): Decided {
  return { basis: 'exit-code', isShown: false, reason };
}

/** What a message says before it says where; a trace that comes first has it on its last line. */
function firstWords(message: string, root: string): string {
  const lines = message
    .slice(0, longestMessage)
    .replaceAll(`${root}/`, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const end = lines.findIndex((line) => whereabouts.test(line));
  const words = end === 0 ? lines.slice(-1) : lines.slice(0, end === -1 ? undefined : end);
  return cleanName(
    words
      .join(' ')
      .replace(/^error: /, '')
      .replace(ofNode, '$1'),
    longestFailure,
  );
}
