import type { PullRequest } from '@baton/core';
import type { GitlabMergeRequest } from '../host/shapes.js';

const draftPrefix = /^\s*(?:\[draft\]|\(draft\)|draft:)\s*/i;

/**
 * The title as GitLab has it: a draft is one by the beginning of its title. Where an issue's own title begins so, a word
 * joiner, which has no width, keeps it from deciding.
 */
export function titleOf({ title, draft }: { readonly title: string; readonly draft: boolean }): string {
  if (draft) return `Draft: ${title}`;
  return draftPrefix.test(title) ? title.replace(/draft/i, '$&\u2060') : title;
}

/** The title without what makes it a draft. */
export function plainTitle(title: string): string {
  let plain = title;
  while (draftPrefix.test(plain)) plain = plain.replace(draftPrefix, '');
  return plain;
}

export function isDraft({ draft, work_in_progress: old }: GitlabMergeRequest): boolean {
  return draft ?? old ?? false;
}

/** A merge request as Baton sees it. */
export function mapMergeRequest(found: GitlabMergeRequest): PullRequest {
  return {
    id: String(found.iid),
    number: found.iid,
    url: found.web_url,
    // `locked`: it is being merged just now.
    state: {
      unified: found.state === 'merged' ? 'merged' : found.state === 'closed' ? 'closed' : 'open',
      raw: found.state,
    },
    draft: isDraft(found),
    head: found.source_branch,
    headCommit: found.sha ?? '',
    base: found.target_branch,
    mergeable: mergeableOf(found),
  };
}

function mergeableOf({
  has_conflicts: conflicts,
  merge_status: status,
  detailed_merge_status: detail,
}: GitlabMergeRequest) {
  if (conflicts === true || detail === 'conflict') return 'conflict';
  return status === 'can_be_merged' || detail === 'mergeable' ? 'yes' : 'unknown';
}
