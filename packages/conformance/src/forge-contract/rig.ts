import assert from 'node:assert/strict';
import type { Feedback, Forge, Permission, PullRequest, PullRequestRequest } from '@baton/core';
import type { Rig } from '../contract.js';

/** A pull request as the host holds it. */
export interface HostedPullRequest {
  readonly id: string;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly state: 'open' | 'merged' | 'closed';
}

/** The world around a forge: a repository with one commit on its default branch, and what people do to it. */
export interface ForgeRig extends Rig {
  /** Builds the forge under test. A second call stands for another process: same settings, nothing shared in memory. */
  createForge(): Forge;
  /** Login of Baton's own account. */
  readonly self: string;
  readonly defaultBranch: string;
  /** An id such as this forge makes, that names nothing. */
  readonly missingId: string;
  /** Puts one more commit on a branch of the remote, which begins at the default branch; its id. */
  push(branch: string): Promise<string>;
  /** Opens a pull request to the default branch as a person, or an agent; its id. */
  openPullRequest(request: {
    readonly head: string;
    readonly title: string;
    readonly body: string;
    readonly draft: boolean;
    readonly labels: readonly string[];
    readonly by: string;
  }): Promise<string>;
  /** Changes one as a person would. */
  changePullRequest(
    id: string,
    change: {
      readonly title?: string;
      readonly draft?: boolean;
      readonly base?: string;
      readonly state?: 'merged' | 'closed';
    },
  ): Promise<void>;
  /** A comment, or a review, by anybody, Baton's own account included; its id. Known to be later than those before it. */
  comment(
    pullRequestId: string,
    by: string,
    comment: { readonly body: string } & Partial<Pick<Feedback, 'verdict' | 'path' | 'line'>>,
  ): Promise<string>;
  /**
   * A comment below the pull request that isn't for everybody who sees it: internal, or hidden by a person. Absent
   * where the host has no such thing.
   */
  commentInPrivate?(pullRequestId: string, by: string, body: string): Promise<void>;
  editComment(pullRequestId: string, commentId: string, body: string): Promise<void>;
  /**
   * A push changes every line that was commented on. Absent where the host doesn't know of which head a comment is.
   */
  outdate?(pullRequestId: string): Promise<void>;
  /** Plain comments as they stand, oldest first. */
  comments(pullRequestId: string): Promise<readonly { readonly author: string; readonly body: string }[]>;
  /** Every pull request, in any order. */
  pullRequests(): Promise<readonly HostedPullRequest[]>;
  /** Says what somebody may do. Whoever was never named has no permission. */
  allow(login: string, permission: Permission): Promise<void>;
  /** Makes an account that the host says is a bot's; its login. Absent where the host knows no bots. */
  addBot?(name: string): Promise<string>;
  /** From now on lookups of permissions fail. */
  breakPermissions(): Promise<void>;
  /** The repository loses its branches. */
  emptyRepository(): Promise<void>;
  /** Two equal values: nothing was written to the host in between, not even the same again. */
  footprint(): Promise<string>;
  /** The next pull request is created, but the answer is lost on the way. Absent where nothing can be lost. */
  loseNextAnswer?(): Promise<void>;
  /**
   * What the host's checks have come to on the head as it is now, in the order in which they were started: where one
   * name is there twice, the first was run again. None: the host ran none. Absent where the host runs no checks.
   */
  setChecks?(pullRequestId: string, checks: readonly HostedCheck[]): Promise<void>;
}

/** One run of a check on the host. */
export interface HostedCheck {
  readonly name: string;
  /** `cancelled`: by a person, or by a newer run. `waiting`: for a person, e.g. to approve it. */
  readonly result: 'running' | 'passed' | 'failed' | 'cancelled' | 'skipped' | 'waiting';
}

/** What Baton would ask for; the branch must be there already. */
export function requestFor(rig: ForgeRig, head: string): PullRequestRequest {
  return {
    head,
    base: rig.defaultBranch,
    title: 'Count coupons once',
    body: 'Closes #1\n\nIt counted them twice.\n\n<!-- baton:job=j1 -->\n',
    draft: true,
    labels: ['baton'],
  };
}

/** Pushes a branch and has the forge ensure a pull request for it. */
export async function openByBaton(rig: ForgeRig, forge: Forge, head = 'baton/issue-1'): Promise<PullRequest> {
  await rig.push(head);
  const { pullRequest, action } = await forge.ensurePullRequest(requestFor(rig, head));
  assert.equal(action, 'created');
  return pullRequest;
}

/** The only pull request there is. */
export async function theOnlyOne(rig: ForgeRig): Promise<HostedPullRequest> {
  const [only, ...others] = await rig.pullRequests();
  assert.deepEqual(others, [], 'there must be one pull request');
  return only ?? assert.fail('there is no pull request');
}
