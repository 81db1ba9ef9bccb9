import type { CallOptions, JobStore, Runtime } from '@baton/core';
import type { Project } from '../project/project.js';
import { readFact, updateFact } from '../store/fact.js';
import { facts, type PollRequests, type PollResult } from '../store/facts.js';
import type { PollDuty } from './poll-duty.js';

/** Another process asks through the store. */
const lookMs = 1_000;

const none: PollRequests = { asked: 0, answered: 0, results: [] };

/** Asks the daemons on a store to poll every project now. The number of the request, to look for its answer by. */
export async function requestPoll(store: JobStore, options: CallOptions = {}): Promise<number> {
  return updateFact(
    store,
    facts.pollRequests(),
    (before) => {
      const asked = (before ?? none).asked + 1;
      return { answer: asked, write: { ...(before ?? none), asked } };
    },
    options,
  );
}

/** What the polls that were asked for came to. Null: no daemon has answered yet. */
export async function readPollAnswer(
  store: JobStore,
  request: number,
  options: CallOptions = {},
): Promise<readonly PollResult[] | null> {
  const { answered, results } = (await readFact(store, facts.pollRequests(), options)).value ?? none;
  if (answered < request) return null;
  return results.filter((result) => result.request >= request).map(({ request: _, ...result }) => result);
}

/** What requests are answered with. */
export interface PollRequestsOptions {
  readonly store: JobStore;
  readonly clock: Runtime['clock'];
  /** Read anew each time. */
  readonly projects: () => readonly Project[];
  readonly duty: PollDuty;
  readonly round: (projects: readonly Project[]) => Promise<readonly PollResult[]>;
}

/**
 * Answers requests as they come, until `signal`. Of several daemons each polls what it polls anyway, and the one that
 * polls last says that all is answered: those who came first to the request wait for what the others hold.
 */
export function createPollRequests({ store, clock, projects, duty, round }: PollRequestsOptions): {
  loop(signal: AbortSignal): Promise<void>;
} {
  /** What this daemon has nothing to do with any more. Null: it hasn't looked yet. */
  let done: number | null = null;

  const answerPending = async (): Promise<void> => {
    const { asked, answered, results } = (await readFact(store, facts.pollRequests())).value ?? none;
    // Requests that were lost are counted anew.
    if (done === null || asked < done) done = answered;
    if (asked <= done) return;
    const watched = projects();
    const open = watched.filter(({ name }) => !results.some((each) => each.project === name && each.request >= asked));
    if (open.length === 0) {
      done = asked;
      return;
    }
    const polled = await round(await duty.take(open));
    if (polled.length === 0) return;
    await updateFact(store, facts.pollRequests(), (before) => ({
      answer: null,
      write: withAnswers(before ?? none, asked, polled, watched),
    }));
  };
  return {
    async loop(signal) {
      while (!signal.aborted) {
        // A store that can't be read is told of by whoever fills slots; the request stands.
        await answerPending().catch(() => {});
        await clock.sleep(lookMs, { signal }).catch(() => {});
      }
    },
  };
}

function withAnswers(
  before: PollRequests,
  request: number,
  polled: readonly PollResult[],
  watched: readonly Project[],
): PollRequests {
  const isPolled = new Set(polled.map(({ project }) => project));
  const places = new Map(watched.map(({ name }, index) => [name, index]));
  const placeOf = ({ project }: PollResult): number => places.get(project) ?? watched.length;
  const kept = before.results.filter(
    (each) => !isPolled.has(each.project) && (places.has(each.project) || each.request >= request),
  );
  const results = [...kept, ...polled.map((result) => ({ ...result, request }))].toSorted(
    (left, right) => placeOf(left) - placeOf(right),
  );
  const answered = new Set(results.filter((each) => each.request >= request).map(({ project }) => project));
  const isWhole = watched.every(({ name }) => answered.has(name));
  return { asked: before.asked, answered: isWhole ? Math.max(before.answered, request) : before.answered, results };
}
