import type { AdapterHost, Clock } from '@baton/core';
import { changeProbeQuery, type RepositoryName, readChangeProbe } from './change-probe-query.js';
import { type ChangeProbe, createChangeProbe } from './change-probes.js';
import { type PullName, pullRequestProbeQuery, readPullRequestProbe } from './pull-request-probe-query.js';

/** What is looked at together, for everything that one account watches. */
export interface AccountProbes {
  /** Whether the open issues of a repository changed. */
  readonly repositories: ChangeProbe<RepositoryName>;
  /** Whether anything changed about a pull request. */
  readonly pulls: ChangeProbe<PullName>;
}

/** For fewer, one conditional list each is better: where nothing changed it isn't counted at all. */
const fewestRepositories = 10;

/** The looks of one account: asked for together, whatever the projects are. Does no input or output. */
export function createAccountProbes(clock: Clock, log: AdapterHost['log']): AccountProbes {
  const nameOf = ({ owner, name }: RepositoryName): string => `${owner}/${name}`.toLowerCase();
  return {
    repositories: createChangeProbe<RepositoryName>({
      ...{ clock, log, what: 'see which repositories changed', fewest: fewestRepositories },
      ...{ keyOf: nameOf, query: changeProbeQuery, read: readChangeProbe },
    }),
    pulls: createChangeProbe<PullName>({
      ...{ clock, log, what: 'see which pull requests changed', fewest: 1 },
      ...{
        keyOf: (pull) => `${nameOf(pull)}#${pull.number}`,
        query: pullRequestProbeQuery,
        read: readPullRequestProbe,
      },
    }),
  };
}
