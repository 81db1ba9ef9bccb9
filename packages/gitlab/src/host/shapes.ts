import type { Instant } from '@baton/core';
import { z } from 'zod';
import { unreadable } from './map-error.js';

const id = z.number().int().positive();
const at = z.string().transform((text, context): Instant => {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) context.addIssue('no instant');
  return instant;
});
const user = z.looseObject({ id, username: z.string(), name: z.string().nullish() });

export const selfShape = user;
export const userShape = user.extend({ bot: z.boolean().nullish(), state: z.string().nullish() });
export const usersShape = z.array(user);

export const projectShape = z.looseObject({
  id,
  path_with_namespace: z.string(),
  default_branch: z.string().nullish(),
  empty_repo: z.boolean().nullish(),
  visibility: z.string().nullish(),
});

export const issueShape = z.looseObject({
  iid: id,
  id,
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  confidential: z.boolean().nullish(),
  author: user.nullish(),
  assignees: z.array(user).nullish(),
  labels: z.array(z.string()),
  web_url: z.string(),
  moved_to_id: z.union([z.number(), z.string()]).nullish(),
  issue_type: z.string().nullish(),
  weight: z.number().nullish(),
  user_notes_count: z.number().nullish(),
  created_at: at,
  updated_at: at,
});

/** What is still known of an issue that can't be read whole. */
export const stubShape = z.looseObject({ iid: id, updated_at: at });

export const linkShape = z.looseObject({
  iid: id,
  project_id: id,
  state: z.string(),
  link_type: z.string(),
  web_url: z.string().nullish(),
});

export const memberShape = z.looseObject({
  id,
  access_level: z.number(),
  state: z.string().nullish(),
  membership_state: z.string().nullish(),
  expires_at: z.string().nullish(),
});

export const labelEventShape = z.looseObject({
  id,
  user: user.nullish(),
  created_at: at,
  action: z.string(),
  label: z.looseObject({ name: z.string() }).nullish(),
});

export const noteShape = z.looseObject({
  id,
  body: z.string(),
  author: user.nullish(),
  created_at: at,
  updated_at: at,
  system: z.boolean(),
  internal: z.boolean().nullish(),
  confidential: z.boolean().nullish(),
  resolved: z.boolean().nullish(),
  position: z
    .looseObject({
      new_path: z.string().nullish(),
      old_path: z.string().nullish(),
      new_line: z.number().nullish(),
      head_sha: z.string().nullish(),
    })
    .nullish(),
});

export const discussionShape = z.looseObject({ id: z.string(), notes: z.array(noteShape) });

export const mergeRequestShape = z.looseObject({
  id: id.optional(),
  iid: id,
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().nullish(),
  work_in_progress: z.boolean().nullish(),
  source_branch: z.string(),
  target_branch: z.string(),
  source_project_id: id.nullish(),
  sha: z.string().nullish(),
  labels: z.array(z.string()),
  author: user.nullish(),
  web_url: z.string(),
  updated_at: z.string(),
  user_notes_count: z.number().nullish(),
  blocking_discussions_resolved: z.boolean().nullish(),
  has_conflicts: z.boolean().nullish(),
  merge_status: z.string().nullish(),
  detailed_merge_status: z.string().nullish(),
  head_pipeline: z
    .looseObject({
      id,
      status: z.string(),
      sha: z.string(),
      source: z.string().nullish(),
      web_url: z.string().nullish(),
      updated_at: z.string().nullish(),
      yaml_errors: z.string().nullish(),
    })
    .nullish(),
});

export const pipelineShape = z.looseObject({
  id,
  status: z.string(),
  sha: z.string(),
  ref: z.string().nullish(),
  updated_at: at,
});

export const jobShape = z.looseObject({
  id,
  name: z.string(),
  status: z.string(),
  allow_failure: z.boolean().nullish(),
  web_url: z.string().nullish(),
});

/** A job that starts another pipeline: a child of this one, or one of another project. */
export const bridgeShape = jobShape.extend({
  downstream_pipeline: z.looseObject({ id, project_id: id.nullish(), status: z.string() }).nullish(),
});

/** What a service outside GitLab, or a job, says of a commit. */
export const commitStatusShape = z.looseObject({
  id,
  name: z.string(),
  status: z.string(),
  allow_failure: z.boolean().nullish(),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
});

/** Of GraphQL: the pipeline of the head as it is now. */
export const headPipelineShape = z.looseObject({
  mergeRequest: z.looseObject({ headPipeline: z.looseObject({ id: z.string() }).nullish() }).nullish(),
});

const version = z.looseObject({ description: z.string().nullish(), diff: z.string().nullish() });
export const historyShape = z.looseObject({
  issue: z
    .looseObject({
      notes: z.looseObject({
        nodes: z.array(
          z.looseObject({
            id: z.string(),
            createdAt: at,
            lastEditedAt: at.nullish(),
            lastEditedBy: z.looseObject({ id: z.string(), username: z.string() }).nullish(),
            systemNoteMetadata: z
              .looseObject({ action: z.string().nullish(), descriptionVersion: version.nullish() })
              .nullish(),
          }),
        ),
        pageInfo: z.looseObject({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
      }),
    })
    .nullish(),
});

export type GitlabUser = z.infer<typeof user>;
export type GitlabProject = z.infer<typeof projectShape>;
export type GitlabIssue = z.infer<typeof issueShape>;
export type GitlabNote = z.infer<typeof noteShape>;
export type GitlabLabelEvent = z.infer<typeof labelEventShape>;
export type GitlabJob = z.infer<typeof jobShape>;
export type GitlabBridge = z.infer<typeof bridgeShape>;
export type GitlabPipeline = z.infer<typeof pipelineShape>;
export type GitlabMergeRequest = z.infer<typeof mergeRequestShape>;

/** Reads a value at the border. `PROTOCOL_VIOLATION` where it has another shape; `what` names it: `an issue`. */
export function read<Output>(shape: z.ZodType<Output>, value: unknown, what: string): Output {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(what, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'another shape'}`);
}

/** The same of a list. gitbeaker hands an answer without a body on as an object: that is none, and no empty list. */
export function readList<Output>(shape: z.ZodType<Output>, value: unknown, what: string): readonly Output[] {
  if (!Array.isArray(value)) throw unreadable(`a list of ${what}`, JSON.stringify(value ?? null));
  return value.map((each) => read(shape, each, `one of ${what}`));
}
