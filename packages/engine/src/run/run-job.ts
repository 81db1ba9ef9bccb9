import { BatonError, isEnded, type JobLease } from '@baton/core';
import { releaseLateClaim } from '../branches/issue-claim.js';
import { afterFailure, needsOperator } from '../decide/after-failure.js';
import { decide } from '../decide/decide.js';
import { isHeldUp } from '../decide/tended.js';
import { isHeldForDeaths } from '../job/deaths.js';
import type { BatonEvent } from '../job/engine-event.js';
import { endJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import { describeFailure } from '../job/failure-words.js';
import { reduce } from '../job/fold/reduce.js';
import { type FoldedJob, foldedJob, type StepIntent, type StepName, toStored } from '../job/job-data.js';
import { mapSignal } from '../job/map-signal.js';
import { createRefusalLog } from '../job/refusals.js';
import { settlementsOf } from '../job/settlements.js';
import type { Step, StepContext } from '../job/step-context.js';
import { steps } from '../steps/steps.js';
import { createPatientStore } from '../store/patient-store.js';
import { removeWorkspaces } from '../workspaces/workspaces.js';
import type { DiskWatch } from './disk-watch.js';
import { holdLease } from './hold-lease.js';
import type { JobRunnerContext } from './job-runner-context.js';

/**
 * Takes a job that is held as far as it goes, to its end or to its next wait, and lets it go. Never rejects for the
 * job's own failures. Where it rejects the job may still be held, and is for the caller to let go.
 */
export async function runJob(outside: JobRunnerContext, claimed: JobLease): Promise<void> {
  const { runtime, settings, stopped, emit } = outside;
  let lease = claimed;
  const store = createPatientStore({
    ...{ store: outside.store, runtime, leaseMs: settings.leaseMs, stopped },
    onTrouble: ({ code, message }) => {
      const at = runtime.clock.now();
      if (code === 'DISK_FULL') emit({ type: 'operator-needed', at, code, message });
      else emit({ type: 'log', at, level: 'warn', message, jobId: claimed.job.id });
    },
  });
  const world = { ...outside, store };
  const job = (): FoldedJob => foldedJob(lease.job);
  const hold = holdLease({ ...world, lease: () => lease });
  const record = async (entries: readonly JobEntry[], consumed: readonly string[] = []): Promise<void> => {
    const before = job();
    const at = runtime.clock.now();
    const after = entries.reduce((folded, entry) => reduce(folded, entry, at), before);
    const settled = settlementsOf(before, entries, after);
    // A worker may have died before the ledger heard of it: then it is closed for nothing, like any other.
    for (const { id } of settled) await store.reserve(lease, { id, amounts: [] });
    lease = await store.record(lease, {
      // Entries are JSON by construction.
      entries: entries.map((entry) => ({ type: entry.type, data: entry.data as never, at })),
      state: { ...stateOf(after) },
      consumed,
      settled,
    });
    tellChange(world, before, job());
  };
  let stepBeganAt = runtime.clock.monotonic();
  const beginStep = (): void => {
    stepBeganAt = runtime.clock.monotonic();
    hold.renew();
  };
  const context: StepContext = {
    ...world,
    refusals: createRefusalLog(),
    get signal() {
      return hold.signal;
    },
    job,
    lease: () => lease,
    confirm: () => store.confirm(lease, world.settings.leaseMs, { signal: hold.signal }),
    elapsedMs: () => runtime.clock.monotonic() - stepBeganAt,
    record: (entries) => record(entries),
  };
  try {
    while (!world.isDraining() && !world.stopped.aborted) {
      const signals = await store.signals(lease);
      if (signals.length > 0)
        await record(
          signals.map(mapSignal),
          signals.map((signal) => signal.id),
        );
      const decision = decide(job(), runtime.clock.now());
      if (decision.kind === 'finished' || (outside.isPaused && isHeldUp(decision))) break;
      if (decision.kind === 'record') await record([decision.entry]);
      else if (decision.kind === 'step') {
        beginStep();
        await takeStep(context, steps[decision.step], { hold, disk: outside.disk });
      } else {
        await sleepUntil(context, decision.until, record);
        break;
      }
    }
  } catch (error) {
    if (!BatonError.is(error, 'LEASE_LOST') && !stopped.aborted) throw error;
    // What ended the step doesn't end this.
    await releaseLateClaim({ ...context, signal: stopped }).catch((failure: unknown) => {
      if (!stopped.aborted) throw failure;
    });
  } finally {
    await hold.end();
  }
  await store.release(lease);
}

type Hold = ReturnType<typeof holdLease>;

interface StepWatch {
  readonly hold: Hold;
  readonly disk: DiskWatch;
}

async function takeStep(context: StepContext, step: Step, { hold, disk }: StepWatch): Promise<void> {
  const { runtime } = context;
  const { id } = context.job();
  try {
    if (takesRoom.has(step.name)) await disk.ensureRoom(id, context.signal);
    // What has ended takes its checkouts away by itself.
    if (step.name !== 'settle' && (await endForRoom(context, step, disk))) return;
    await using _followed = step.name === 'settle' ? null : disk.follow(id, hold.endForRoom);
    const intent = await announce(context, step);
    if (intent === null) return;
    await context.confirm();
    const found = await step.find?.(context, intent);
    const entries = found ?? (await act(context, step, intent));
    await context.record([...takeRefused(context), ...entries]);
  } catch (error) {
    if (BatonError.is(error, 'LEASE_LOST')) throw error;
    // A signal that came in the middle of the step is heeded first; what the step did is found again.
    if (hold.interruption() === 'signal') return;
    if (hold.interruption() === 'room') {
      hold.renew();
      await endForRoom(context, step, disk);
      return;
    }
    // What these don't catch themselves is the store's failure: the job stays where it is.
    if (hold.interruption() !== null || aside.has(step.name)) {
      if (hold.interruption() === 'stopped') await recordStopped(context, step);
      throw error;
    }
    // The watch has told of want of room already.
    if (needsOperator(error) && !(BatonError.is(error, 'DISK_FULL') && disk.isShort())) {
      const message = describeFailure(error);
      context.emit({ type: 'operator-needed', at: runtime.clock.now(), code: error.code, message });
    }
    const world = { now: runtime.clock.now(), random: runtime.random(), durationMs: context.elapsedMs() };
    const entries = afterFailure(context.job(), step.name, error, world);
    await context.record([...takeRefused(context), ...entries]);
  }
}

/** Where the job is the one that takes too much room: its checkouts go, then it ends. Whether it did. */
async function endForRoom(context: StepContext, step: Step, disk: DiskWatch): Promise<boolean> {
  const { id, attempt } = context.job();
  const reason = disk.whyEnded(id);
  if (reason === null) return false;
  const elapsedMs = context.elapsedMs();
  for (let each = 1; each <= attempt; each += 1) await removeWorkspaces(context, each, 'discard');
  disk.freed(id);
  await context.record([
    ...takeRefused(context),
    { type: 'step-stopped', data: { step: step.name, elapsedMs } },
    endJob('limit-reached', reason),
  ]);
  return true;
}

/** What was worked on and asked for until then stays counted. */
async function recordStopped(context: StepContext, step: Step): Promise<void> {
  const elapsedMs = context.elapsedMs();
  await context.record([...takeRefused(context), { type: 'step-stopped', data: { step: step.name, elapsedMs } }]);
}

async function act(context: StepContext, step: Step, intent: StepIntent): Promise<readonly JobEntry[]> {
  await context.confirm();
  return step.act(context, intent);
}

/** What was refused on the way. A step that was interrupted leaves it to the next one. */
function takeRefused({ refusals }: StepContext): readonly JobEntry[] {
  const refused = refusals.take();
  return refused === null ? [] : [{ type: 'refused', data: refused }];
}

/**
 * Records what will be done before it is; after a crash, the same intent as before. Null where a person is asked in
 * place of one more try.
 */
async function announce(context: StepContext, step: Step): Promise<StepIntent | null> {
  const { runtime } = context;
  const { worker } = context.settings;
  const stored = context.job().data.intent;
  if (stored?.step === step.name && stored.open) {
    await context.record([
      { type: 'step-interrupted', data: { step: step.name, worker, death: deathIn(context, stored) } },
    ]);
    return isHeldForDeaths(context.job()) ? null : { ...stored, worker };
  }
  const nonce = `${runtime.id('nonce')}${runtime.id('nonce')}`;
  const intent: StepIntent =
    stored?.step === step.name
      ? { ...stored, open: true, worker }
      : { step: step.name, at: runtime.clock.now(), nonce, open: true, worker };
  if (recorded.has(step.name)) await context.record([{ type: 'step-begun', data: intent }]);
  return intent;
}

/** Of a worker that is this one nobody died. */
function deathIn({ settings }: StepContext, { worker }: StepIntent): string | null {
  return worker === undefined || worker === settings.worker ? null : settings.deathOf(worker);
}

/** Steps that may fill a disk, or whose job does from then on. */
const takesRoom: ReadonlySet<StepName> = new Set(['claim', 'prepare', 'baseline', 'work', 'verify']);

/** Steps beside a job's way, which catch the failures of hosts themselves. */
const aside: ReadonlySet<StepName> = new Set(['mirror', 'look']);

/** Steps that leave something on the outside by which a second run must find the first. Looking leaves nothing. */
const recorded: ReadonlySet<StepName> = new Set([
  'claim',
  'prepare',
  'baseline',
  'work',
  'verify',
  'publish',
  'settle',
]);

async function sleepUntil(
  context: StepContext,
  until: number,
  record: (entries: readonly JobEntry[]) => Promise<void>,
): Promise<void> {
  // A signal that changed nothing has made the job due: it goes back to sleep.
  if (context.job().wakeAt !== until) await record([{ type: 'slept', data: { until } }]);
}

function stateOf(job: FoldedJob) {
  const { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt } = job;
  return { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data: toStored(job.data) };
}

function tellChange(world: JobRunnerContext, before: FoldedJob, after: FoldedJob): void {
  const changed =
    before.phase !== after.phase ||
    before.wait !== after.wait ||
    before.outcome !== after.outcome ||
    before.attempt !== after.attempt;
  if (!changed) return;
  const event: BatonEvent = {
    type: 'job-changed',
    at: world.runtime.clock.now(),
    job: { ...after, data: toStored(after.data) },
    reason: after.phase === 'waiting' || isEnded(after.phase) ? after.data.reason : null,
  };
  world.emit(event);
}
