import type { Forge, GitRemote, IssueSource } from '@baton/core';
import type { HostedPullRequest } from '../forge-contract/rig.js';
import type { IssueChange } from '../issue-source-contract/rig.js';

/** Who does something on the host: Baton's account, or one of two people. */
export type RealAccount = 'baton' | 'person' | 'other';

/** Where a comment stands. */
export interface RealPlace {
  readonly kind: 'issue' | 'pull request';
  readonly id: string;
}

/** What people do in one repository of a host that is there, by its interface. Everything is by its name on the host. */
export interface RealHost {
  /** Null: nobody's token is there. */
  readonly logins: { readonly baton: string; readonly person: string | null; readonly other: string | null };
  /** Between two things that one is to be known to be later than the other: the host's instants are as exact as this. */
  readonly pauseMs: number;
  readonly defaultBranch: string;
  /** Where git is looked for, as `PATH` says it. */
  readonly searchPath: string;
  createForge(): Forge;
  createSource(): IssueSource;
  remote(): Promise<GitRemote>;
  openIssue(
    as: RealAccount,
    issue: { readonly title: string; readonly body: string; readonly labels: readonly string[] },
  ): Promise<string>;
  changeIssue(as: RealAccount, id: string, change: IssueChange): Promise<void>;
  comment(as: RealAccount, on: RealPlace, body: string): Promise<string>;
  editComment(as: RealAccount, on: RealPlace, commentId: string, body: string): Promise<void>;
  comments(on: RealPlace): Promise<readonly { readonly id: string; readonly author: string; readonly body: string }[]>;
  openPullRequest(
    as: RealAccount,
    request: Pick<HostedPullRequest, 'head' | 'title' | 'body' | 'draft' | 'labels'>,
  ): Promise<string>;
  changePullRequest(
    as: RealAccount,
    id: string,
    change: {
      readonly title?: string;
      readonly draft?: boolean;
      readonly base?: string;
      readonly state?: 'merged' | 'closed';
    },
  ): Promise<void>;
  /** Of these branches, in every state. */
  pullRequests(heads: readonly string[]): Promise<readonly HostedPullRequest[]>;
  /** Every form in which a person may name the issue. */
  references(id: string): readonly string[];
  /** When an issue, a pull request or one of its comments was written last, as the host tells. */
  touched(on: RealPlace): Promise<string>;
  labels(): Promise<readonly string[]>;
  removeLabel(name: string): Promise<void>;
}
