import type { AdapterHost, Clock } from '@baton/core';
import { looksQuery, type RepositoryName, readLook } from './change-probe-query.js';
import { createLooks, type LookAt } from './change-probes.js';
import { type PullName, pullLooksQuery, readPullLook } from './pull-request-probe-query.js';

/** What is looked at together, for everything that one account watches. */
export interface AccountLooks {
  /** Whether the open issues of a repository changed. */
  readonly repositories: LookAt<RepositoryName>;
  /** Whether anything changed about a pull request. */
  readonly pulls: LookAt<PullName>;
}

/** For fewer, one conditional list each is better: where nothing changed it isn't counted at all. */
const fewestRepositories = 10;

/** The looks of one account: asked for together, whatever the projects are. Does no input or output. */
export function createAccountLooks(clock: Clock, log: AdapterHost['log']): AccountLooks {
  const nameOf = ({ owner, name }: RepositoryName): string => `${owner}/${name}`.toLowerCase();
  return {
    repositories: createLooks<RepositoryName>({
      ...{ clock, log, what: 'see which repositories changed', fewest: fewestRepositories },
      ...{ keyOf: nameOf, query: looksQuery, read: readLook },
    }),
    pulls: createLooks<PullName>({
      ...{ clock, log, what: 'see which pull requests changed', fewest: 1 },
      ...{ keyOf: (pull) => `${nameOf(pull)}#${pull.number}`, query: pullLooksQuery, read: readPullLook },
    }),
  };
}
