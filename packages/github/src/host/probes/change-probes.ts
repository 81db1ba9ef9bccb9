import { startDeadline } from '@baton/adapter-kit';
import { type AdapterHost, type CallOptions, type Clock, messageOf } from '@baton/core';
import DataLoader from 'dataloader';
import { z } from 'zod';
import type { GithubClient } from '../client.js';
import { createSharedWait } from './shared-wait.js';

/** Looks that begin within this time are asked for together. */
const windowMs = 20;
/** A query takes no more, or costs more than one point. */
const mostAtOnce = 100;
/** There is another way to ask, so nobody waits as long for this as for other answers. */
const patienceMs = 10_000;

/** How something stands. */
export interface ProbeResult {
  /** The same as before exactly where nothing changed, to a second. */
  readonly fingerprint: string;
}

/** Null where nothing can be told: ask in another way. Rejects by the caller's own signal only. */
export type ChangeProbe<Item> = (
  client: GithubClient,
  item: Item,
  options?: CallOptions,
) => Promise<ProbeResult | null>;

/** What is looked at, and how it is asked for. */
export interface ChangeProbeOptions<Item> {
  readonly clock: Clock;
  readonly log: AdapterHost['log'];
  /** Completes "the request to …". */
  readonly what: string;
  /** Fewer than so many are not worth a request. */
  readonly fewest: number;
  /** Equal for items that are the same. */
  readonly keyOf: (item: Item) => string;
  /** The GraphQL query for items, at most a hundred. */
  readonly query: (items: readonly Item[]) => string;
  /** The look at the item that stood at this place of the query. */
  readonly read: (answer: Readonly<Record<string, unknown>>, index: number) => ProbeResult | null;
}

/** What can't be seen is null, what can't be read concerns one item only. */
const answerShape = z.record(z.string(), z.unknown());

/** One caller of a batch. */
interface Seat<Item> {
  readonly item: Item;
  readonly client: GithubClient;
  /** Whoever sits in the same batch. */
  batch: AbortSignal | null;
}

/** Looks at up to a hundred things by one request, where so many are asked for at a time. Does no input or output. */
export function createChangeProbe<Item>({
  clock,
  log,
  what,
  fewest,
  keyOf,
  query,
  read,
}: ChangeProbeOptions<Item>): ChangeProbe<Item> {
  let forming = createSharedWait();
  let works = true;

  const ask = async (seats: readonly Seat<Item>[]): Promise<readonly (ProbeResult | null)[]> => {
    // Two projects may ask for the same.
    const asked = [...new Map(seats.map(({ item }) => [keyOf(item), item])).values()];
    // The newest client: its credentials are the ones that were read last.
    const last = seats.at(-1);
    const batch = last?.batch;
    if (asked.length < fewest || !last || !batch || batch.aborted) return seats.map(() => null);
    using deadline = startDeadline(clock, patienceMs, {
      reason: () => new Error(`no answer in ${patienceMs / 1000} s`),
      signal: batch,
    });
    try {
      const answer = await last.client.graphql(query(asked), {}, answerShape, {
        ...{ what, priority: 'poll', takesParts: 'all' },
        signal: deadline.signal,
      });
      if (!works) log('info', `GitHub can be asked at once again to ${what}`);
      works = true;
      const found = new Map(asked.map((item, index) => [keyOf(item), read(answer, index)]));
      return seats.map(({ item }) => found.get(keyOf(item)) ?? null);
    } catch (error) {
      if (works && !batch.aborted) {
        const why = messageOf(error);
        log('info', `GitHub can't be asked at once to ${what}, so each is asked for by itself: ${why}`);
        works = false;
      }
      return seats.map(() => null);
    }
  };
  const loader = new DataLoader<Seat<Item>, ProbeResult | null>(ask, {
    cache: false,
    maxBatchSize: mostAtOnce,
    batchScheduleFn(dispatch) {
      forming = createSharedWait();
      void clock.sleep(windowMs, { signal: forming.signal }).then(dispatch, dispatch);
    },
  });
  return async (client, item, options) => {
    options?.signal?.throwIfAborted();
    const seat: Seat<Item> = { client, item, batch: null };
    const answer = loader.load(seat);
    // Loading began a new batch where none was open.
    seat.batch = forming.signal;
    return forming.wait(answer, options);
  };
}
