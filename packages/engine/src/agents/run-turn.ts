import type { AgentEvent, AgentLimits, AgentSession, Clock, TurnEnd } from '@baton/core';
import { followSignal } from '../async/follow-signal.js';
import { withTimeout } from '../async/with-timeout.js';
import { isSameUsage } from '../job/agent-usage.js';
import type { EntryOf } from '../job/entry.js';
import { noUsage } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import type { StepContext } from '../job/step-context.js';

/** A turn that is over, by itself or because the engine ended it. */
export interface FinishedTurn {
  readonly end: TurnEnd;
  readonly model: string | null;
  /** Why the engine ended it. Null where the agent did. */
  readonly cut: 'stalled' | 'timed-out' | null;
}

/** For a turn that was ended to come to rest. */
const endingMs = 10_000;

/** A reason made once: a fresh one at every event would cost a stack trace each. */
const wasHeard = new Error('The agent was heard.');

/**
 * Follows a turn to its end, stores its checkpoints, and ends it where the agent says nothing for too long or
 * the job's time is up, whatever the agent makes of its own limits.
 */
export async function runTurn(
  context: StepContext,
  session: AgentSession,
  turn: { readonly prompt: string; readonly limits: AgentLimits },
): Promise<FinishedTurn> {
  const { clock } = context.runtime;
  const { stallMs, wallClockMs } = limitsOf(context.job());
  const endsAt = clock.monotonic() + Math.max(0, wallClockMs - context.job().data.workedMs);
  const cutting = new AbortController();
  const unfollow = followSignal(context.signal, cutting);
  const events = session.run(turn, { signal: cutting.signal })[Symbol.asyncIterator]();
  const keep = createKeeper(context);
  let model: string | null = null;
  let usage = noUsage;
  try {
    for (;;) {
      const left = endsAt - clock.monotonic();
      const next = events.next();
      const event = await within(next, Math.min(stallMs, left), clock, cutting.signal);
      if (event === 'quiet') {
        context.signal.throwIfAborted();
        const cut = left <= stallMs ? 'timed-out' : 'stalled';
        cutting.abort(new Error(cut));
        usage = (await lastUsage(next, clock)) ?? usage;
        return { end: cutShort(cut, usage), model, cut };
      }
      if (event.done) return { end: cutShort('failed', usage), model, cut: null };
      if (event.value.type === 'turn-end') return { end: event.value, model, cut: null };
      if (event.value.type === 'turn-start') model = knownModel(event.value.model);
      if (event.value.type === 'usage') usage = event.value.usage;
      await keep.event(event.value, usage);
    }
  } finally {
    // Ends the turn's processes; what it rejects with is our own abort.
    await withTimeout(events.return?.() ?? Promise.resolve(), endingMs, clock);
    unfollow();
    await keep.last(usage);
  }
}

/** So much of a turn at most is forgotten by a crash, where its agent says anything at all. */
const countedEveryMs = 60_000;

/**
 * What of a turn is stored at once; of more, what stands each minute. What runs in the sandbox can have its agent tell
 * of any number of checkpoints, each is kept for good, and whoever shows the job reads them all.
 */
const storedAtOnce = 300;

/** Stores how far a turn has come. */
interface Keeper {
  event(event: AgentEvent, usage: TurnEnd['usage']): Promise<void>;
  /** However the turn ended: what of its last checkpoint and its usage was not stored yet. */
  last(usage: TurnEnd['usage']): Promise<void>;
}

function createKeeper(context: StepContext): Keeper {
  let stored = 0;
  let waiting: EntryOf<'checkpoint'> | null = null;
  const store = async (entry: EntryOf<'checkpoint' | 'usage'>): Promise<void> => {
    stored += 1;
    waiting = null;
    await context.record([entry]);
  };
  return {
    async event(event, usage) {
      context.emit({ type: 'agent-event', at: context.runtime.clock.now(), jobId: context.job().id, event });
      const elapsedMs = context.elapsedMs();
      const { turnUsage, countedMs } = context.job().data;
      const isDue = elapsedMs - countedMs >= countedEveryMs;
      if (event.type === 'checkpoint') waiting = { type: 'checkpoint', data: { state: event.state, usage, elapsedMs } };
      if (!isDue && stored >= storedAtOnce) return;
      if (waiting !== null) await store(waiting);
      else if (isDue || !isSameUsage(usage, turnUsage)) await store({ type: 'usage', data: { usage, elapsedMs } });
    },
    async last(usage) {
      if (waiting !== null) await store(waiting);
      if (isSameUsage(usage, context.job().data.turnUsage)) return;
      await store({ type: 'usage', data: { usage, elapsedMs: context.elapsedMs() } });
    },
  };
}

/** The agent's own word, which will stand in commits and pull requests: a plain name that leads nowhere, or none. */
function knownModel(model: string | null): string | null {
  if (model === null || /\/\/|www\.|\bGH-\d/i.test(model)) return null;
  return /^(?:[\w.:/-]|(?<=\w)@){1,80}$/.test(model) ? model : null;
}

/** The next event, or `quiet` where none came in time or the turn was aborted, whether or not the agent heeds that. */
async function within<Value>(
  next: Promise<Value>,
  milliseconds: number,
  clock: Clock,
  aborted: AbortSignal,
): Promise<Value | 'quiet'> {
  const heard = new AbortController();
  const unfollow = followSignal(aborted, heard);
  const quiet = clock.sleep(milliseconds, { signal: heard.signal }).then(
    () => 'quiet' as const,
    () => 'quiet' as const,
  );
  // A rejection after the silence was noticed has nobody to hear it.
  next.catch(() => {});
  try {
    return await Promise.race([next, quiet]);
  } finally {
    unfollow();
    heard.abort(wasHeard);
  }
}

/** What an agent tells of its usage once it was ended: a call to its model may have been under way. Null: nothing. */
async function lastUsage(next: Promise<IteratorResult<AgentEvent>>, clock: Clock): Promise<TurnEnd['usage'] | null> {
  const heard: { usage: TurnEnd['usage'] | null } = { usage: null };
  const told = next.then(({ done, value }) => {
    if (done !== true && value.type === 'usage') heard.usage = value.usage;
  });
  await withTimeout(told, endingMs, clock);
  return heard.usage;
}

function cutShort(raw: 'stalled' | 'timed-out' | 'failed', usage: TurnEnd['usage']): TurnEnd {
  const words = {
    stalled: 'The agent said nothing for too long and was ended.',
    'timed-out': "The job's time was up and the agent was ended.",
    failed: 'The agent ended without saying how.',
  };
  return { type: 'turn-end', outcome: { unified: 'failed', raw }, usage, summary: words[raw] };
}
