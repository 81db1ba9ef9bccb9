import { z } from 'zod';
import type { ProbeResult } from './change-probes.js';

/** One pull request of one repository. */
export interface PullName {
  readonly owner: string;
  readonly name: string;
  readonly number: number;
}

const lookShape = z.looseObject({
  updatedAt: z.string(),
  state: z.string(),
  isDraft: z.boolean(),
  headRefOid: z.string(),
  baseRefName: z.string(),
  mergeable: z.string(),
  commits: z.looseObject({
    nodes: z
      .array(
        z
          .looseObject({ commit: z.looseObject({ statusCheckRollup: z.looseObject({ state: z.string() }).nullish() }) })
          .nullable(),
      )
      .nullish(),
  }),
});

/**
 * What tells whether anything changed about up to a hundred pull requests of any repositories, for one point: all
 * that was said of them would cost eleven. Checks don't count as an update of the pull request, so they are asked
 * for. Validated against GitHub's own schema by a test.
 */
export function pullRequestProbeQuery(pulls: readonly PullName[]): string {
  const asked = pulls.map(
    ({ owner, name, number }, index) =>
      `p${index}: repository(owner: ${JSON.stringify(owner)}, name: ${JSON.stringify(name)}) { pullRequest(number: ${number}) { ...pullLook } }`,
  );
  return `query WhichPullRequestsChanged {
  ${asked.join('\n  ')}
}
fragment pullLook on PullRequest {
  updatedAt state isDraft headRefOid baseRefName mergeable
  commits(last: 1) { nodes { commit { statusCheckRollup { state } } } }
}`;
}

/** What stands at this place of the answer. Null where it tells nothing. */
export function readPullRequestProbe(answer: Readonly<Record<string, unknown>>, index: number): ProbeResult | null {
  const parsed = z.looseObject({ pullRequest: lookShape }).safeParse(answer[`p${index}`]);
  return parsed.success ? probePullRequest(parsed.data.pullRequest) : null;
}

/** How a pull request stands. */
export function probePullRequest(pull: z.infer<typeof lookShape>): ProbeResult {
  const { updatedAt, state, isDraft, headRefOid, baseRefName, mergeable, commits } = pull;
  const checks = commits.nodes?.[0]?.commit.statusCheckRollup?.state ?? 'none';
  return { fingerprint: JSON.stringify([updatedAt, state, isDraft, headRefOid, baseRefName, mergeable, checks]) };
}
