import { createHash } from 'node:crypto';
import {
  BatonError,
  type CallOptions,
  type CheckEvidence,
  type CheckRun,
  type Gate,
  type GateInput,
  type GateResult,
  type VerifyCheckout,
} from '@baton/core';
import { listNames } from '../text/clean-output.js';
import { type CheckCommand, type ResolvedCommand, resolveCommands } from './check-command.js';
import { type Comparison, compareRuns, describeEnding } from './compare-runs.js';
import { heedOutput } from './heed-output.js';
import { proveFix } from './prove-fix.js';
import { refuseAlteration } from './refuse-alteration.js';
import { type RedCheck, writeFeedback } from './rework-feedback.js';
import { type MeasuredRun, runCheck, type UnbuiltCheck } from './run-check.js';

/** What a check gate is made with: `verify` of the configuration. */
export interface CheckGateOptions {
  /** Default: `checks`. Unlike that of every other gate of the project, which may have several of this kind. */
  readonly id?: string;
  /** Run one after another, all of them, so that the evidence names every one. At least one. */
  readonly commands: readonly CheckCommand[];
  /** Whether the untouched base is measured too. Default: true. */
  readonly baseline?: boolean;
  /** How often a check that is red, and was not on the base, is run again. Default: 1. */
  readonly flakeRetries?: number;
  /** Names of tests, as the evidence tells them, that may stay red. Default: none. */
  readonly knownFailures?: readonly string[];
  /**
   * Takes secrets out of what a check printed and reported, before any of it is cut: a part of one is no secret that
   * could be found later. Default: nothing is taken out.
   */
  readonly mask?: (text: string) => string;
}

/** One check of the result, judged. */
interface JudgedCheck extends RedCheck {
  readonly evidence: CheckEvidence;
}

/** A check that could not be started. */
interface UnstartedCheck {
  readonly evidence: CheckEvidence;
  readonly comparison: { readonly verdict: 'not-run'; readonly reason: string };
}

/** Of what `baseline` stores: a new number makes the engine measure anew. */
const evidenceVersion = 7;

/**
 * Makes the gate that runs the operator's commands on the base and on the result, and sets the two beside one
 * another: see `compareRuns` for the rules. `CONFIG_INVALID` where a command can't be meant so.
 */
export function createCheckGate(options: CheckGateOptions): Gate {
  const commands = resolveCommands(options.commands);
  const retries = options.flakeRetries ?? 1;
  const allowed = new Set(options.knownFailures);
  const mask = options.mask ?? ((text) => text);
  const gate: Gate = {
    spec: 'gate/1',
    id: options.id ?? 'checks',
    async check(input, call) {
      const checks: (JudgedCheck | UnstartedCheck)[] = [];
      for (const command of commands) checks.push(await checkResult(command, { input, allowed, retries, mask, call }));
      return conclude(checks);
    },
  };
  if (options.baseline === false) return gate;
  return {
    ...gate,
    cacheKey: createHash('sha256')
      .update(JSON.stringify([evidenceVersion, commands]))
      .digest('hex'),
    async baseline(checkout, call) {
      const evidence: CheckEvidence[] = [];
      for (const command of commands) evidence.push(await measureBase(command, checkout, mask, call));
      return evidence;
    },
    prove: (input, call) => proveFix(commands, { mask, retries }, input, call),
  };
}

async function measureBase(
  command: ResolvedCommand,
  checkout: VerifyCheckout,
  mask: (text: string) => string,
  call: CallOptions | undefined,
): Promise<CheckEvidence> {
  call?.signal?.throwIfAborted();
  const measured = await runCheck(command, checkout, { mask, watchesBuilds: true }, call);
  if ('build' in measured) return notRun(command, null, describeUnbuilt(measured));
  const { run, reportNote, notes, unseenNote } = measured;
  return {
    name: command.name,
    base: run,
    head: null,
    basis: run.tests === null ? 'exit-code' : 'tests',
    knownFailures: [],
    notes: [reportNote, ...notes, unseenNote].filter((note) => note !== null),
  };
}

async function checkResult(
  command: ResolvedCommand,
  world: {
    readonly input: GateInput;
    readonly allowed: ReadonlySet<string>;
    readonly retries: number;
    readonly mask: (text: string) => string;
    readonly call: CallOptions | undefined;
  },
): Promise<JudgedCheck | UnstartedCheck> {
  const { input, mask, call } = world;
  const base = input.baseline.find(({ name }) => name === command.name)?.base ?? null;
  const given = { allowed: world.allowed, reports: command.report !== null };
  const compare = (run: CheckRun): Comparison =>
    refuseAlteration(base, run, heedOutput(base, run, compareRuns(base, run, given)));
  const rules = { mask, watchesBuilds: base !== null };
  const notes: string[] = [];
  try {
    call?.signal?.throwIfAborted();
    let measured = await runCheck(command, input.checkout, rules, call);
    if ('build' in measured) return unstarted(command, base, describeUnbuilt(measured));
    let comparison = compare(measured.run);
    const first = { run: measured.run, comparison };
    let runs = 1;
    while (comparison.verdict === 'rework' && comparison.mayBeFlaky && runs <= world.retries) {
      const again = await runCheck(command, input.checkout, rules, call);
      if ('build' in again) return unstarted(command, base, describeUnbuilt(again));
      measured = again;
      comparison = compare(measured.run);
      runs += 1;
    }
    if (runs > 1) notes.push(describeRetries(first, comparison, runs));
    return judged(command, base, measured, withUnseen(comparison, measured.unseenNote), notes);
  } catch (error) {
    if (!BatonError.is(error, 'COMMAND_FAILED')) throw error;
    return unstarted(command, base, `It could not be started: ${error.message}`);
  }
}

/** Nobody but the operator can mend it, so it is told where a person is asked. */
function withUnseen(comparison: Comparison, note: string | null): Comparison {
  const isForPerson = comparison.verdict === 'hold' || comparison.verdict === 'not-run';
  if (note === null) return comparison;
  const notes = [...comparison.notes, note];
  return { ...comparison, notes, ...(isForPerson && { reason: `${comparison.reason} ${note}` }) };
}

function notRun({ name }: ResolvedCommand, base: CheckRun | null, reason: string): CheckEvidence {
  return { name, base, head: null, basis: 'not-run', knownFailures: [], notes: [reason] };
}

function unstarted(command: ResolvedCommand, base: CheckRun | null, reason: string): UnstartedCheck {
  return {
    evidence: { ...notRun(command, base, reason), verdict: 'not-run' },
    comparison: { verdict: 'not-run', reason },
  };
}

function describeUnbuilt({ build, ...ending }: UnbuiltCheck): string {
  return `\`${build.name}\`, which it needs, failed before it: ${describeEnding(ending)}.`;
}

function judged(
  command: ResolvedCommand,
  base: CheckRun | null,
  measured: MeasuredRun,
  comparison: Comparison,
  notes: readonly string[],
): JudgedCheck {
  return {
    command,
    base,
    head: measured.run,
    comparison,
    messages: measured.messages,
    evidence: {
      name: command.name,
      base,
      head: measured.run,
      basis: comparison.basis,
      verdict: comparison.verdict,
      ...(comparison.newFailures.length > 0 && { newFailures: comparison.newFailures }),
      knownFailures: comparison.knownFailures,
      notes: [
        ...(comparison.verdict === 'not-run' ? [comparison.reason] : []),
        ...(measured.reportNote === null ? [] : [`${measured.reportNote} It was compared by exit code.`]),
        ...comparison.notes,
        ...measured.notes,
        ...notes,
      ],
    },
  };
}

function describeRetries(
  first: { readonly run: CheckRun; readonly comparison: Comparison },
  last: Comparison,
  runs: number,
): string {
  if (last.verdict === 'rework') return `Run ${runs} times, red each time.`;
  const what =
    first.comparison.newFailures.length > 0
      ? `${listNames(first.comparison.newFailures)} failed at first`
      : `Red at first (${describeEnding(first.run)})`;
  return `${what} and not when it was run again, with nothing changed: flaky.`;
}

function conclude(judgements: readonly (JudgedCheck | UnstartedCheck)[]): GateResult {
  const checks = judgements.map(({ evidence }) => evidence);
  const red = judgements.filter((each): each is JudgedCheck => each.comparison.verdict === 'rework');
  if (red.length > 0) return { verdict: 'rework', feedback: writeFeedback(red), checks };
  for (const verdict of ['not-run', 'hold'] as const) {
    const reasons = judgements
      .filter(({ comparison }) => comparison.verdict === verdict)
      .map(({ evidence, comparison }) => `\`${evidence.name}\`: ${comparison.reason}`);
    if (reasons.length > 0) return { verdict, reason: reasons.join(' '), checks };
  }
  return { verdict: 'pass', checks };
}
