import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import type { GithubCall } from '../host/client.js';
import { createPageGuard } from '../host/page-guard.js';
import type { Repository } from '../host/repository.js';
import { earlierQuery, earlierShape, listNames, type ObservedPull } from './observe-query.js';

/** Fetches what was said before the first page of a pull request's lists. */
export interface EarlierPages {
  /**
   * Among many pull requests what was fetched before counts for as long as GitHub says that nothing was
   * updated; a job that looks at its own is told what is so now.
   */
  complete(pull: ObservedPull, call: Omit<GithubCall, 'what'>): Promise<ObservedPull>;
}

const mostKept = 200;

type Lists = Pick<ObservedPull, (typeof listNames)[number]>;

export function createEarlierPages({ client, owner, name, fullName }: Repository): EarlierPages {
  const kept = new LRUCache<number, { readonly updatedAt: string; readonly lists: Lists }>({ max: mostKept });
  const fetchLists = async (pull: ObservedPull, call: Omit<GithubCall, 'what'>): Promise<Lists> => {
    const whole: Lists = { comments: pull.comments, reviews: pull.reviews, reviewThreads: pull.reviewThreads };
    for (const list of listNames) {
      const what = `read the ${list} of pull request #${pull.number} of ${fullName}`;
      const enter = createPageGuard(what);
      let page = pull[list]?.pageInfo;
      while (page?.hasPreviousPage && page.startCursor) {
        enter(page.startCursor);
        const variables = { owner, name, number: pull.number, before: page.startCursor };
        const answer = await client.graphql(earlierQuery(list), variables, earlierShape, { ...call, what });
        const earlier = answer.repository?.pullRequest;
        if (earlier) prepend(whole, list, earlier);
        page = earlier?.[list]?.pageInfo;
      }
    }
    return whole;
  };
  return {
    async complete(pull, call) {
      if (listNames.every((list) => pull[list]?.pageInfo.hasPreviousPage !== true)) {
        kept.delete(pull.number);
        return pull;
      }
      const known = call.priority === 'poll' ? kept.get(pull.number) : undefined;
      const lists = known?.updatedAt === pull.updatedAt ? known.lists : await fetchLists(pull, call);
      kept.set(pull.number, { updatedAt: pull.updatedAt, lists });
      return { ...pull, ...lists };
    },
  };
}

type Earlier = NonNullable<NonNullable<z.infer<typeof earlierShape>['repository']>['pullRequest']>;

function prepend(whole: Lists, list: (typeof listNames)[number], earlier: Earlier): void {
  if (list === 'comments' && earlier.comments) {
    whole.comments = {
      ...earlier.comments,
      nodes: [...(earlier.comments.nodes ?? []), ...(whole.comments.nodes ?? [])],
    };
  }
  if (list === 'reviews' && earlier.reviews) {
    whole.reviews = { ...earlier.reviews, nodes: [...(earlier.reviews.nodes ?? []), ...(whole.reviews?.nodes ?? [])] };
  }
  if (list === 'reviewThreads' && earlier.reviewThreads) {
    const nodes = [...(earlier.reviewThreads.nodes ?? []), ...(whole.reviewThreads.nodes ?? [])];
    whole.reviewThreads = { ...earlier.reviewThreads, nodes };
  }
}
