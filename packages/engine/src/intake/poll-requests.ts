import type { CallOptions, JobStore, JsonValue, Runtime } from '@baton/core';
import type { Project } from '../project/project.js';
import { updateSetting } from '../store/update-setting.js';
import type { PollDuty } from './poll-duty.js';
import type { PollResult } from './poller.js';

const key = 'poll-requests';
/** Another process asks through the store. */
const lookMs = 1_000;

/** What was asked for and answered so far, over all processes on a store. */
interface PollRequests {
  /** How often somebody asked. */
  readonly asked: number;
  /** The last that is answered for every project of a daemon, with all before it. */
  readonly answered: number;
  /** The last answer for each project. `request`: which it answers, with all before it. */
  readonly results: readonly (PollResult & { readonly request: number })[];
}

/** Asks the daemons on a store to poll every project now. The number of the request, to look for its answer by. */
export async function requestPoll(store: JobStore, options: CallOptions = {}): Promise<number> {
  return updateSetting(
    store,
    key,
    (value) => {
      const before = mapRequests(value);
      return { answer: before.asked + 1, write: toJson({ ...before, asked: before.asked + 1 }) };
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
  const { answered, results } = mapRequests((await store.readSetting(key, options))?.value ?? null);
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
    const { asked, answered, results } = mapRequests((await store.readSetting(key))?.value ?? null);
    done ??= answered;
    if (asked <= done) return;
    const watched = projects();
    const open = watched.filter(({ name }) => !results.some((each) => each.project === name && each.request >= asked));
    if (open.length === 0) {
      done = asked;
      return;
    }
    const polled = await round(await duty.take(open));
    if (polled.length === 0) return;
    await updateSetting(store, key, (value) => ({
      answer: null,
      write: toJson(withAnswers(mapRequests(value), asked, polled, watched)),
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

function toJson(requests: PollRequests): JsonValue {
  return { ...requests, results: requests.results.map((result) => ({ ...result })) };
}

function mapRequests(value: JsonValue): PollRequests {
  // Only this file writes the key.
  return value === null ? { asked: 0, answered: 0, results: [] } : (value as unknown as PollRequests);
}
