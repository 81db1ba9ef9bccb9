import type { GithubCall } from '../host/client.js';
import { createPageGuard } from '../host/page-guard.js';
import type { Repository } from '../host/repository.js';
import { type CheckRollup, laterChecksQuery, laterChecksShape, type ObservedPull } from './observe-query.js';

/**
 * What the checks of a pull request's present head say, every page of it where GitHub calls the whole red: the one
 * that failed may be on the last. Null where nothing is said of this head, or it moved while it was read.
 */
export async function readAllChecks(
  { client, owner, name, fullName }: Repository,
  pull: ObservedPull,
  call: Omit<GithubCall, 'what'>,
): Promise<CheckRollup | null> {
  const first = rollupOf(pull, pull.headRefOid);
  if (first === null || !isRed(first)) return first;
  const nodes = [...(first.contexts.nodes ?? [])];
  const what = `read the checks of pull request #${pull.number} of ${fullName}`;
  const enter = createPageGuard(what);
  let page = first.contexts.pageInfo;
  while (page?.hasNextPage && page.endCursor) {
    enter(page.endCursor);
    const variables = { owner, name, number: pull.number, after: page.endCursor };
    const answer = await client.graphql(laterChecksQuery, variables, laterChecksShape, {
      ...{ ...call, what },
      takesParts: ['statusCheckRollup'],
    });
    const found = answer.repository?.pullRequest;
    const later = found ? rollupOf(found, pull.headRefOid) : null;
    if (later === null) return null;
    nodes.push(...(later.contexts.nodes ?? []));
    page = later.contexts.pageInfo;
  }
  return { ...first, contexts: { nodes } };
}

/** Whether GitHub calls the whole red. Runs that were cancelled or run again since count in that. */
function isRed({ state }: CheckRollup): boolean {
  return state === 'FAILURE' || state === 'ERROR';
}

/** The list of commits may lag behind the head: what is said of another commit is nothing here. */
function rollupOf({ commits }: Pick<ObservedPull, 'commits'>, head: string): CheckRollup | null {
  const commit = commits.nodes?.[0]?.commit;
  return commit && (commit.oid ?? head) === head ? (commit.statusCheckRollup ?? null) : null;
}
