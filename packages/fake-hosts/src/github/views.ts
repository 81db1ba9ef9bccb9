import type { components } from '@octokit/openapi-types';
import {
  isoOf,
  latest,
  type StoredActor,
  type StoredComment,
  type StoredIssue,
  type StoredRepository,
} from './model.js';

type Schemas = components['schemas'];

/** The fields that the fake sends, in the shapes that GitHub documents. */
export type UserView = Pick<Schemas['simple-user'], 'id' | 'node_id' | 'login' | 'type' | 'site_admin' | 'html_url'>;
type LabelView = Extract<Schemas['issue']['labels'][number], object>;
export type IssueView = Pick<
  Schemas['issue'],
  | 'id'
  | 'node_id'
  | 'number'
  | 'title'
  | 'state'
  | 'locked'
  | 'comments'
  | 'created_at'
  | 'updated_at'
  | 'closed_at'
  | 'url'
  | 'html_url'
  | 'repository_url'
  | 'author_association'
> & {
  readonly body: string | null;
  readonly user: UserView | null;
  readonly labels: readonly LabelView[];
  readonly assignees: readonly UserView[];
  readonly issue_dependencies_summary: Schemas['issue-dependencies-summary'];
  readonly pull_request?: Pick<
    NonNullable<Schemas['issue']['pull_request']>,
    'url' | 'html_url' | 'diff_url' | 'patch_url'
  >;
};
export type CommentView = Pick<
  Schemas['issue-comment'],
  'id' | 'node_id' | 'url' | 'html_url' | 'issue_url' | 'created_at' | 'updated_at' | 'author_association'
> & { readonly body: string; readonly user: UserView | null };
export type PullView = Pick<
  Schemas['pull-request'],
  | 'id'
  | 'node_id'
  | 'number'
  | 'state'
  | 'title'
  | 'locked'
  | 'url'
  | 'html_url'
  | 'created_at'
  | 'updated_at'
  | 'merged'
> & {
  readonly body: string | null;
  readonly draft: boolean;
  readonly user: UserView | null;
  readonly labels: readonly { readonly id: number; readonly name: string }[];
  readonly merged_at: string | null;
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    readonly label: string;
    readonly repo: { readonly full_name: string };
  };
  readonly base: { readonly ref: string; readonly repo: { readonly full_name: string } };
};
export type RepositoryView = Pick<
  Schemas['full-repository'],
  | 'id'
  | 'node_id'
  | 'name'
  | 'full_name'
  | 'private'
  | 'default_branch'
  | 'html_url'
  | 'url'
  | 'clone_url'
  | 'archived'
  | 'has_issues'
> & { readonly permissions: NonNullable<Schemas['full-repository']['permissions']> };
export type PermissionView = Pick<Schemas['repository-collaborator-permission'], 'permission' | 'role_name'> & {
  readonly user: UserView | null;
};

/** Builds what the interface sends, for a host at `origin`. */
export interface Views {
  user(actor: StoredActor): UserView;
  repository(repository: StoredRepository): RepositoryView;
  issue(repository: StoredRepository, issue: StoredIssue): IssueView;
  comment(repository: StoredRepository, issue: StoredIssue, comment: StoredComment): CommentView;
  pull(repository: StoredRepository, issue: StoredIssue): Promise<PullView>;
}

export function createViews(origin: string): Views {
  const api = `${origin}/api/v3`;
  const user = (actor: StoredActor): UserView => ({
    id: actor.id,
    node_id: `U_${actor.id}`,
    login: actor.login,
    type: actor.kind,
    site_admin: false,
    html_url: `${origin}/${actor.login}`,
  });
  const author = (actor: StoredActor): UserView | null => (actor.ghost ? null : user(actor));
  return {
    user,
    repository: (repository) => ({
      id: repository.id,
      node_id: `R_${repository.id}`,
      name: repository.fullName.split('/')[1] ?? '',
      full_name: repository.fullName,
      private: repository.private,
      default_branch: 'main',
      html_url: `${origin}/${repository.fullName}`,
      url: `${api}/repos/${repository.fullName}`,
      clone_url: `${origin}/${repository.fullName}.git`,
      archived: repository.archived,
      has_issues: repository.hasIssues,
      permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
    }),
    issue(repository, issue) {
      const place = `${repository.fullName}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
      const blockers = issue.blockedBy.length;
      const view: IssueView = {
        id: issue.id,
        node_id: `I_${issue.id}`,
        number: issue.number,
        title: latest(issue.titles).text,
        body: latest(issue.bodies).text === '' ? null : latest(issue.bodies).text,
        user: author(issue.author),
        state: issue.open ? 'open' : 'closed',
        locked: issue.locked,
        labels: issue.labels.map((name, index) => ({ id: index + 1, name, color: 'ededed', default: false })),
        assignees: issue.assignees.map(user),
        comments: issue.comments.length,
        created_at: isoOf(issue.createdAt),
        updated_at: isoOf(issue.updatedAt),
        closed_at: issue.open ? null : isoOf(issue.updatedAt),
        url: `${api}/repos/${repository.fullName}/issues/${issue.number}`,
        html_url: `${origin}/${place}`,
        repository_url: `${api}/repos/${repository.fullName}`,
        author_association: 'NONE',
        issue_dependencies_summary: {
          blocked_by: blockers,
          blocking: 0,
          total_blocked_by: blockers,
          total_blocking: 0,
        },
        ...(issue.pull
          ? {
              pull_request: {
                url: `${api}/repos/${repository.fullName}/pulls/${issue.number}`,
                html_url: `${origin}/${place}`,
                diff_url: `${origin}/${place}.diff`,
                patch_url: `${origin}/${place}.patch`,
              },
            }
          : {}),
      };
      if (!issue.broken) return view;
      // As no documentation has it: that is the point.
      return { ...view, title: 7, user: 'nobody' } as unknown as IssueView;
    },
    comment: (repository, issue, comment) => ({
      id: comment.id,
      node_id: comment.nodeId,
      body: latest(comment.bodies).text,
      user: author(comment.author),
      url: `${api}/repos/${repository.fullName}/issues/comments/${comment.id}`,
      html_url: `${origin}/${repository.fullName}/issues/${issue.number}#issuecomment-${comment.id}`,
      issue_url: `${api}/repos/${repository.fullName}/issues/${issue.number}`,
      created_at: isoOf(comment.bodies[0].at),
      updated_at: isoOf(latest(comment.bodies).at),
      author_association: 'NONE',
    }),
    async pull(repository, issue) {
      if (!issue.pull) throw new Error(`#${issue.number} is no pull request`);
      const { head, base, draft, merged, endedCommit, fork } = issue.pull;
      const [ownerHere = '', name = ''] = repository.fullName.split('/');
      const owner = fork ?? ownerHere;
      return {
        id: issue.id,
        node_id: `PR_${issue.id}`,
        number: issue.number,
        state: issue.open ? 'open' : 'closed',
        title: latest(issue.titles).text,
        body: latest(issue.bodies).text,
        draft,
        merged,
        locked: issue.locked,
        user: author(issue.author),
        head: {
          ref: head,
          sha: endedCommit ?? (await repository.branches.get(head)) ?? '',
          label: `${owner}:${head}`,
          repo: { full_name: `${owner}/${name}` },
        },
        base: { ref: base, repo: { full_name: repository.fullName } },
        labels: issue.labels.map((each, index) => ({ id: index + 1, name: each })),
        merged_at: merged ? isoOf(issue.updatedAt) : null,
        url: `${api}/repos/${repository.fullName}/pulls/${issue.number}`,
        html_url: `${origin}/${repository.fullName}/pull/${issue.number}`,
        created_at: isoOf(issue.createdAt),
        updated_at: isoOf(issue.updatedAt),
      };
    },
  };
}
