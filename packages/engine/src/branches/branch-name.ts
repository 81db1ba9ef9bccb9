import type { Project } from '../project/project.js';
import { contentHash } from '../text/content-hash.js';

const longestSlug = 60;

/**
 * The branch of an issue's job: `baton/issue-12` for keys that end in a number after `#` or `:`, else a slug
 * of the key, e.g. `baton/abc-7`. Later jobs, where an earlier one's branch may stand, count on from `-2`.
 *
 * `elsewhere`: the tracker, where it is not the repository's own. A word of its name is added: of two trackers whose
 * issues are worked in one repository, both have an issue 12. Null where it is.
 */
export function branchName(
  issueKey: string,
  { earlier, elsewhere }: { readonly earlier: number; readonly elsewhere: string | null },
): string {
  const number = /[#:]0*(\d+)$/.exec(issueKey)?.[1];
  const slug = number === undefined ? slugOf(issueKey) : `issue-${number}`;
  const named = elsewhere === null ? slug : `${slug}-${contentHash(elsewhere).slice(0, 6)}`;
  return earlier === 0 ? `baton/${named}` : `baton/${named}-${earlier + 1}`;
}

/** The branch of an issue's next job, after so many whose branches may stand. */
export function branchFor({ source, forge }: Project, issueKey: string, earlier: number): string {
  return branchName(issueKey, { earlier, elsewhere: source.tracker === forge.tracker ? null : source.tracker });
}

/** Letters, digits and single dashes only: safe in refs, paths and arguments whatever the key holds. */
function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'issue' : slug;
}
