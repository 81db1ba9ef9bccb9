import type { GitlabApi } from '../host/api.js';
import { type GitlabIssue, issueShape } from '../host/shapes.js';
import type { RecentIssues } from './recent-issues.js';

/** What an issue is changed with. */
export interface IssueChangeParts {
  readonly api: GitlabApi;
  readonly projectId: number;
  readonly recent: RecentIssues;
  /** Reads it now. `NOT_FOUND` where there is none. */
  readonly show: () => Promise<GitlabIssue>;
}

type Edit = { readonly addLabels?: string; readonly removeLabels?: string; readonly assigneeIds?: number[] };

/**
 * Labels without regard to case, which GitLab heeds: so what stands there has to be known before. What was told a
 * moment ago will do, as GitLab answers with the labels as they are then.
 */
export async function changeLabels(
  iid: number,
  wanted: { readonly add: readonly string[]; readonly remove: readonly string[] },
  parts: IssueChangeParts,
): Promise<void> {
  const recent = parts.recent.get(iid);
  const first = recent === null ? null : labelEdit(recent.labels, wanted);
  const then = first === null ? null : await edit(iid, first, parts);
  if (then !== null && labelEdit(then.labels, wanted) === null) return;
  const second = labelEdit((await parts.show()).labels, wanted);
  if (second !== null) await edit(iid, second, parts);
}

function labelEdit(
  present: readonly string[],
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Edit | null {
  const there = new Set(present.map((each) => each.toLowerCase()));
  const unwanted = new Set(remove.map((each) => each.toLowerCase()));
  const missing = add.filter((each) => !there.has(each.toLowerCase()));
  const superfluous = present.filter((each) => unwanted.has(each.toLowerCase()));
  if (missing.length + superfluous.length === 0) return null;
  return {
    ...(missing.length > 0 ? { addLabels: missing.join(',') } : {}),
    ...(superfluous.length > 0 ? { removeLabels: superfluous.join(',') } : {}),
  };
}

/** GitLab takes the whole list of assignees: the others are those it told a moment ago, or tells now. */
export async function changeAssignment(
  iid: number,
  { self, isAssigned }: { readonly self: number; readonly isAssigned: boolean },
  parts: IssueChangeParts,
): Promise<void> {
  const { assignees } = parts.recent.get(iid) ?? (await parts.show());
  const present = (assignees ?? []).map(({ id }) => id);
  if (present.includes(self) === isAssigned) return;
  const others = present.filter((each) => each !== self);
  // GitLab Free takes the first alone: whoever stands there stays. 0 takes everybody away.
  const wanted = isAssigned ? [...others, self] : others.length === 0 ? [0] : others;
  await edit(iid, { assigneeIds: wanted }, parts);
}

/** The issue as it is then; null where the answer doesn't tell. */
async function edit(
  iid: number,
  change: Edit,
  { api, projectId, recent }: IssueChangeParts,
): Promise<GitlabIssue | null> {
  recent.forget(iid);
  const changed = issueShape.safeParse(await api.issues.edit(projectId, iid, change)).data ?? null;
  if (changed !== null) recent.note(changed, false);
  return changed;
}
