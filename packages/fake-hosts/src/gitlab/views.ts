import type {
  BridgeSchema,
  CommitStatusSchema,
  DiscussionSchema,
  ExpandedMergeRequestSchema,
  IssueLinkSchema,
  IssueSchema,
  JobSchema,
  LabelEventSchema,
  MemberSchema,
  MergeRequestSchema,
  NoteSchema,
  PipelineSchema,
  ProjectSchema,
  UserSchema,
} from '@gitbeaker/rest';
import {
  isDraftTitle,
  isoOf,
  type StoredIssue,
  type StoredJob,
  type StoredLabelEvent,
  type StoredMergeRequest,
  type StoredNote,
  type StoredPipeline,
  type StoredProject,
  type StoredUser,
} from './model.js';

type Author = IssueSchema['author'];
/** Of the fields that GitLab sends: those that a client may need here, in gitbeaker's types. */
type Some<Schema, Fields extends keyof Schema> = { readonly [Field in Fields]: Schema[Field] };

/** What the interface shows of the state. */
export function createViews(origin: string, premium: boolean) {
  const urlOf = (project: StoredProject, kind: 'issues' | 'merge_requests', iid: number): string =>
    `${origin}/${project.path}/-/${kind}/${iid}`;

  const author = ({ id, username, name, state }: StoredUser): Author => ({
    ...{ id, username, name, state },
    avatar_url: `${origin}/avatars/${id}`,
    web_url: `${origin}/${username}`,
  });
  const user = (found: StoredUser): Author & Some<UserSchema, 'bot' | 'locked'> => ({
    ...author(found),
    bot: found.bot,
    locked: false,
  });
  const project = (
    found: StoredProject,
    isEmpty: boolean,
  ): Some<
    ProjectSchema,
    | 'id'
    | 'path_with_namespace'
    | 'name'
    | 'path'
    | 'web_url'
    | 'http_url_to_repo'
    | 'default_branch'
    | 'empty_repo'
    | 'archived'
    | 'issues_access_level'
    | 'merge_requests_access_level'
    | 'visibility'
  > => ({
    id: found.id,
    path_with_namespace: found.path,
    name: found.path.split('/').at(-1) ?? '',
    path: found.path.split('/').at(-1) ?? '',
    web_url: `${origin}/${found.path}`,
    http_url_to_repo: `${origin}/${found.path}.git`,
    // GitLab names one even where nothing was pushed yet.
    default_branch: 'main',
    empty_repo: isEmpty,
    archived: found.archived,
    issues_access_level: found.without.has('issues') ? 'disabled' : 'enabled',
    merge_requests_access_level: found.without.has('merge requests') ? 'disabled' : 'enabled',
    visibility: found.visibility,
  });
  const issue = (
    where: StoredProject,
    found: StoredIssue,
  ): Some<
    IssueSchema,
    | ('id' | 'iid' | 'project_id' | 'title' | 'description' | 'state' | 'confidential' | 'author' | 'assignees')
    | ('labels' | 'created_at' | 'updated_at' | 'web_url' | 'user_notes_count' | 'type' | 'references')
  > & { readonly moved_to_id: number | null; readonly issue_type: string; readonly weight?: number | null } => ({
    ...{ id: found.id, iid: found.iid, project_id: where.id, title: found.title, state: found.state, type: 'ISSUE' },
    description: found.description,
    confidential: found.confidential,
    author: author(found.author),
    assignees: found.assignees.map(author),
    labels: found.labels,
    created_at: isoOf(found.createdAt),
    updated_at: isoOf(found.updatedAt),
    web_url: urlOf(where, 'issues', found.iid),
    user_notes_count: found.notes.filter(({ system }) => !system).length,
    references: { short: `#${found.iid}`, relative: `#${found.iid}`, full: `${where.path}#${found.iid}` },
    moved_to_id: found.movedTo,
    issue_type: 'issue',
    ...(premium ? { weight: null } : {}),
  });
  const note = (
    where: StoredProject,
    found: StoredNote,
    on: { readonly kind: 'Issue' | 'MergeRequest'; readonly iid: number; readonly head?: string },
  ): NoteSchema => ({
    ...{ id: found.id, body: found.body, attachment: null, author: author(found.author), system: found.system },
    created_at: isoOf(found.createdAt),
    updated_at: isoOf(found.updatedAt),
    ...{ noteable_id: on.iid, noteable_type: on.kind, noteable_iid: on.iid, project_id: where.id },
    resolvable: found.position !== null,
    ...(found.position === null ? {} : { resolved: found.resolved }),
    internal: found.internal,
    confidential: found.internal,
    ...(found.position === null
      ? {}
      : {
          type: 'DiffNote',
          position: {
            position_type: 'text',
            ...{ old_path: found.position.path, new_path: found.position.path, old_line: null },
            new_line: found.position.line,
            head_sha: found.position.of ?? on.head,
          },
        }),
  });
  const pipeline = (where: StoredProject, found: StoredPipeline): PipelineSchema => ({
    ...{
      id: found.id,
      iid: found.id,
      project_id: where.id,
      sha: found.sha,
      ref: found.ref,
      status: found.status,
      source: found.source,
    },
    created_at: isoOf(found.updatedAt),
    updated_at: isoOf(found.updatedAt),
    web_url: `${origin}/${where.path}/-/pipelines/${found.id}`,
  });
  const mergeRequest = (
    where: StoredProject,
    found: StoredMergeRequest,
    sha: string,
  ): Some<
    MergeRequestSchema,
    | ('id' | 'iid' | 'project_id' | 'title' | 'description' | 'state' | 'created_at' | 'updated_at' | 'web_url')
    | (
        | 'target_branch'
        | 'source_branch'
        | 'source_project_id'
        | 'target_project_id'
        | 'author'
        | 'assignees'
        | 'labels'
      )
    | ('draft' | 'work_in_progress' | 'merge_status' | 'detailed_merge_status' | 'has_conflicts' | 'sha')
    | ('user_notes_count' | 'blocking_discussions_resolved')
  > => ({
    ...{ id: found.id, iid: found.iid, project_id: where.id, title: found.title, state: found.state },
    description: found.description,
    created_at: isoOf(found.createdAt),
    updated_at: isoOf(found.updatedAt),
    web_url: urlOf(where, 'merge_requests', found.iid),
    target_branch: found.base,
    source_branch: found.head,
    source_project_id: found.sourceProjectId,
    target_project_id: where.id,
    author: author(found.author),
    assignees: found.assignees.map(author),
    labels: found.labels,
    draft: isDraftTitle(found.title),
    work_in_progress: isDraftTitle(found.title),
    merge_status: found.conflicts ? 'cannot_be_merged' : 'can_be_merged',
    detailed_merge_status: isDraftTitle(found.title) ? 'draft_status' : 'mergeable',
    has_conflicts: found.conflicts,
    user_notes_count: found.notes.filter(({ system }) => !system).length,
    blocking_discussions_resolved: found.notes.every(({ position, resolved }) => position === null || resolved),
    sha,
  });
  return {
    author,
    user,
    project,
    issue,
    note,
    mergeRequest,
    pipeline,
    expandedMergeRequest: (where: StoredProject, found: StoredMergeRequest, sha: string) => ({
      ...mergeRequest(where, found, sha),
      // Of the expanded pipeline only what the plain one has.
      head_pipeline: (found.pipeline && {
        ...pipeline(where, found.pipeline),
        yaml_errors: found.pipeline.yamlErrors,
      }) as ExpandedMergeRequestSchema['head_pipeline'],
    }),
    discussions: (where: StoredProject, found: StoredMergeRequest, head: string): readonly DiscussionSchema[] =>
      found.notes.map((each) => ({
        id: each.discussion,
        individual_note: each.position === null,
        // A note of a discussion is a note: its `type` is null where it is a plain one.
        notes: [{ type: null, ...note(where, each, { kind: 'MergeRequest', iid: found.iid, head }) }],
      })),
    labelEvent: (
      found: StoredLabelEvent,
      on: number,
      isHidden: boolean,
    ): Some<LabelEventSchema, 'id' | 'created_at' | 'resource_type' | 'resource_id' | 'action'> & {
      readonly user: Author | null;
      readonly label: { readonly id: number; readonly name: string };
    } => ({
      ...{ id: found.id, created_at: isoOf(found.at), resource_type: 'Issue', resource_id: on, action: found.action },
      user: isHidden ? null : author(found.user),
      label: { id: 1, name: found.label },
    }),
    link: (
      found: StoredIssue['blockedBy'][number],
      projectId: number,
    ): Some<IssueLinkSchema, 'id' | 'iid' | 'project_id' | 'state' | 'link_type' | 'web_url' | 'title'> => ({
      ...{ id: found.iid, iid: found.iid, project_id: projectId, title: 'Blocker', link_type: 'is_blocked_by' },
      state: found.open ? 'opened' : 'closed',
      web_url: `${origin}/${found.project}/-/issues/${found.iid}`,
    }),
    member: (
      found: StoredUser,
      level: number,
    ): Author & Some<MemberSchema, 'access_level'> & { readonly expires_at: null } => ({
      ...author(found),
      // A number that GitLab knows: gitbeaker has an enum of the same numbers.
      access_level: level as MemberSchema['access_level'],
      expires_at: null,
    }),
    bridge: (
      where: StoredProject,
      found: StoredJob,
    ): Some<BridgeSchema, 'id' | 'name' | 'stage' | 'status' | 'allow_failure' | 'web_url'> & {
      readonly downstream_pipeline: PipelineSchema | null;
    } => ({
      ...{ id: found.id, name: found.name, stage: 'test', status: found.status, allow_failure: found.allowFailure },
      web_url: `${origin}/${where.path}/-/jobs/${found.id}`,
      downstream_pipeline: found.started && pipeline(where, found.started),
    }),
    commitStatus: (
      where: StoredProject,
      found: StoredJob,
    ): Some<CommitStatusSchema, 'id' | 'name' | 'status'> & {
      readonly allow_failure: boolean;
      readonly target_url: string | null;
      readonly description: string | null;
    } => ({
      ...{ id: found.id, name: found.name, allow_failure: found.allowFailure },
      // One of GitLab's own words.
      status: found.status as CommitStatusSchema['status'],
      target_url:
        found.kind === 'outside' ? `${origin}/outside/${found.id}` : `${origin}/${where.path}/-/jobs/${found.id}`,
      description: found.kind === 'outside' ? found.trace : null,
    }),
    job: (
      where: StoredProject,
      found: StoredJob,
    ): Some<JobSchema, 'id' | 'name' | 'stage' | 'status' | 'allow_failure' | 'web_url'> => ({
      ...{ id: found.id, name: found.name, stage: 'test', status: found.status, allow_failure: found.allowFailure },
      web_url: `${origin}/${where.path}/-/jobs/${found.id}`,
    }),
  };
}

/** What `createViews` makes. */
export type Views = ReturnType<typeof createViews>;
