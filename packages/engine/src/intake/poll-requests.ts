import type { CallOptions, JobStore, JsonValue, Runtime } from '@baton/core';
import { updateSetting } from '../store/update-setting.js';
import type { PollResult } from './poller.js';

const key = 'poll-requests';
/** Another process asks through the store. */
const lookMs = 1_000;

/** What was asked for and answered so far, over all processes on a store. */
interface PollRequests {
  /** How often somebody asked. */
  readonly asked: number;
  /** The last that is answered, with all before it. */
  readonly answered: number;
  readonly results: readonly PollResult[];
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
  return answered >= request ? results : null;
}

/** Answers requests as they come, until `signal`. Of several daemons each polls, and the first one answers. */
export function createPollRequests({
  store,
  clock,
  round,
}: {
  readonly store: JobStore;
  readonly clock: Runtime['clock'];
  readonly round: () => Promise<readonly PollResult[]>;
}): { loop(signal: AbortSignal): Promise<void> } {
  const answerPending = async (): Promise<void> => {
    const { asked, answered } = mapRequests((await store.readSetting(key))?.value ?? null);
    if (asked <= answered) return;
    const results = await round();
    await updateSetting(store, key, (value) => {
      const now = mapRequests(value);
      return now.answered >= asked
        ? { answer: null }
        : { answer: null, write: toJson({ ...now, answered: asked, results }) };
    });
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

function toJson(requests: PollRequests): JsonValue {
  return { ...requests, results: requests.results.map((result) => ({ ...result })) };
}

function mapRequests(value: JsonValue): PollRequests {
  // Only this file writes the key.
  return value === null ? { asked: 0, answered: 0, results: [] } : (value as unknown as PollRequests);
}
