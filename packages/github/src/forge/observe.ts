import type { CallOptions, Cursor, Observation } from '@baton/core';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import type { GithubCall } from '../host/client.js';
import { numberOrNull } from '../host/comments.js';
import { adapterId } from '../host/map-error.js';
import { probePullRequest } from '../host/probes/pull-request-probe-query.js';
import type { Repository } from '../host/repository.js';
import { readAllChecks } from './all-checks.js';
import { type CheckContext, readChecks } from './checks.js';
import type { EarlierPages } from './earlier-pages.js';
import { type FeedbackItem, type FeedbackTexts, listFeedbackItems, toFeedback } from './feedback.js';
import { type ObservedPull, observedShape, observeQuery } from './observe-query.js';
import { toPullRequest } from './pull-request.js';

/** What observing needs beside the repository. */
export interface ObserveContext extends CheckContext {
  readonly words: FeedbackTexts;
  readonly earlier: EarlierPages;
}

const batchSize = 100;
const answerShape = z.looseObject({ repository: z.record(z.string(), observedShape.nullable()).nullable() });

/**
 * In the order asked. One request tells which of a hundred changed; those are looked at whole, a hundred a
 * request, with words only of what is new.
 */
export async function observePulls(
  repository: Repository,
  requests: readonly PullRequestToObserve[],
  context: ObserveContext,
  options?: CallOptions,
): Promise<readonly (Observation | null)[]> {
  options?.signal?.throwIfAborted();
  const standing = await Promise.all(
    requests.map(({ id, cursor }) => repository.observationCache.standing(numberOrNull(id) ?? 0, cursor, options)),
  );
  const changed = requests.filter((_, index) => standing[index] === null);
  const whole = await observeWhole(repository, changed, context, options);
  const news = new Map(changed.map((request, index) => [request, whole[index] ?? null]));
  return requests.map((request, index) => standing[index] ?? news.get(request) ?? null);
}

interface PullRequestToObserve {
  readonly id: string;
  readonly cursor: Cursor | null;
}

async function observeWhole(
  repository: Repository,
  requests: readonly PullRequestToObserve[],
  context: ObserveContext,
  options?: CallOptions,
): Promise<readonly (Observation | null)[]> {
  if (requests.length === 0) return [];
  // Many at once is the watcher's look, which can wait; one is a job's.
  const priority = requests.length > 1 ? ('poll' as const) : ('job' as const);
  const numbers = [...new Set(requests.flatMap(({ id }) => numberOrNull(id) ?? []))];
  const pulls = new Map<number, ObservedPull>();
  for (let first = 0; first < numbers.length; first += batchSize) {
    const batch = numbers.slice(first, first + batchSize);
    for (const each of await readBatch(repository, batch, { ...options, priority })) {
      pulls.set(each.number, await context.earlier.complete(each, { ...options, priority }));
    }
  }
  const looked = requests.map(({ id, cursor }) => {
    const pull = pulls.get(numberOrNull(id) ?? 0);
    const seen = new Set((cursor ?? '').split(' '));
    const items = pull ? listFeedbackItems(pull) : [];
    return { pull, items, fresh: items.filter((each) => !seen.has(each.token)) };
  });
  const words = await context.words.read(
    looked.flatMap(({ fresh }) => fresh),
    options,
  );
  const self = await repository.self({ ...options });
  const observations: (Observation | null)[] = [];
  for (const { pull, items, fresh } of looked) {
    if (!pull) {
      observations.push(null);
      continue;
    }
    const rollup = await readAllChecks(repository, pull, { ...options, priority });
    const observation: Observation = {
      pullRequest: toPullRequest(pull),
      checks: await readChecks(rollup, context, options),
      feedback: fresh.flatMap((each) => {
        const said = words.get(each.token);
        return (said && toFeedback(each, said, self)) ?? [];
      }),
      cursor: cursorOf(items),
    };
    repository.observationCache.seen(pull.number, probePullRequest(pull), observation);
    observations.push(observation);
  }
  return observations;
}

function cursorOf(items: readonly FeedbackItem[]): Cursor {
  return items
    .map((each) => each.token)
    .sort()
    .join(' ');
}

/** A query that is too much for GitHub is asked again in halves. */
async function readBatch(
  repository: Repository,
  numbers: readonly number[],
  call: Omit<GithubCall, 'what'>,
): Promise<readonly ObservedPull[]> {
  const { client, owner, name, fullName } = repository;
  const what = `look at the pull requests of ${fullName}`;
  try {
    const answer = await client.graphql(observeQuery(numbers), { owner, name }, answerShape, {
      ...{ ...call, what },
      // Not to be had for a fine-grained token on a private repository: all else is seen.
      takesParts: ['statusCheckRollup'],
    });
    // A repository that can't be seen is no hundred pull requests that are gone.
    if (!answer.repository) throw gone(fullName);
    return Object.values(answer.repository).filter((each) => each !== null);
  } catch (error) {
    call.signal?.throwIfAborted();
    const isTooMuch = BatonError.is(error, 'UNAVAILABLE') && numbers.length > 10;
    if (!isTooMuch) throw error;
    const half = Math.ceil(numbers.length / 2);
    const [left, right] = [numbers.slice(0, half), numbers.slice(half)];
    return [...(await readBatch(repository, left, call)), ...(await readBatch(repository, right, call))];
  }
}

function gone(fullName: string): BatonError<'NOT_FOUND'> {
  const message = `The repository ${fullName} isn't there, or can't be seen.`;
  return new BatonError('NOT_FOUND', message, { adapter: adapterId, details: { resource: fullName } });
}
