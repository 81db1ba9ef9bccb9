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

/** `Gate.prove` of the operator's commands, each run once, with what it needs built. */
export async function proveFix(
  commands: readonly ResolvedCommand[],
  mask: (text: string) => string,
  { checkout, unrecorded, checks }: ProofInput,
  call: CallOptions | undefined,
): Promise<readonly CheckProof[]> {
  const proofs: CheckProof[] = [];
  for (const asked of askedChecks(commands, checks)) {
    call?.signal?.throwIfAborted();
    const { command } = asked;
    const run = (on: VerifyCheckout): Promise<MeasuredRun | string> => measure(command, on, mask, call);
    const onBase = await run(checkout);
    const bare = unrecorded === null || typeof onBase === 'string' ? null : await run(unrecorded);
    proofs.push({ name: command.name, ...decide(asked, onBase, bare, checkout.root) });
  }
  return proofs;
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

function decide(
  { before, result }: AskedCheck,
  onBase: MeasuredRun | string,
  unrecorded: MeasuredRun | string | null,
  root: string,
): Decided {
  const unmeasured = [onBase, unrecorded].find((each) => typeof each === 'string');
  if (typeof onBase === 'string' || typeof unrecorded === 'string') {
    return { basis: 'exit-code', isShown: false, reason: `With the tests of the change, ${unmeasured}.` };
  }
  const runs = { before, onBase: onBase.run, result, unrecorded: unrecorded?.run ?? null };
  const tells = (result.tests?.length ?? 0) > 0;
  if (!tells) return { basis: 'exit-code', ...decideByExitCode(runs) };
  if (onBase.run.tests === null) {
    const reason = `On the base with the tests of the change it tells of no test: ${describeEnding(onBase.run)}.`;
    return { basis: 'exit-code', isShown: false, reason };
  }
  const failureOf = (test: string): string => firstWords((onBase.messages.get(test) ?? '').replaceAll(`${root}/`, ''));
  return { basis: 'tests', ...decideByTests(runs, failureOf) };
}

/** What a message says before it says where; a trace that comes first has it on its last line. */
function firstWords(message: string): string {
  const lines = message
    .slice(0, longestMessage)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const end = lines.findIndex((line) => whereabouts.test(line));
  const words = end === 0 ? lines.slice(-1) : lines.slice(0, end === -1 ? undefined : end);
  return cleanName(words.join(' ').replace(/^error: /, ''), longestFailure);
}
