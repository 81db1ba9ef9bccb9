import type { Brief, Instant } from '@baton/core';
import { contentHash } from '../text/content-hash.js';
import { clip } from '../text/untrusted-text.js';

/** A text that was edited after it was handed over, as a person is asked about it. */
export interface AskedText {
  /** Of all that the agent would be told: title, body, comments. An approval holds for this one, and for no other. */
  readonly hash: string;
  readonly title: string;
  readonly body: string;
  readonly comments: Brief['comments'];
  /** What makes it one that nobody handed over. `login` is null where nobody can tell whose edit it is. */
  readonly edits: readonly { readonly field: EditedField; readonly login: string | null; readonly at: Instant }[];
}

type EditedField = Brief['laterEdits'][number]['field'];

const longestTitle = 1_000;
const longestBody = 64_000;
const longestComment = 16_000;
const mostComments = 50;

/** What of a brief is kept and told: within bounds, whatever its length on the host. */
export function clipBrief(brief: Brief): Brief {
  return {
    ...brief,
    title: clip(brief.title, longestTitle).text,
    body: clip(brief.body, longestBody).text,
    comments: brief.comments
      .slice(-mostComments)
      .map((comment) => ({ ...comment, body: clip(comment.body, longestComment).text })),
  };
}

/** The same for the same text, whoever wrote it and when. */
export function hashToldText({ title, body, comments }: Pick<Brief, 'title' | 'body' | 'comments'>): string {
  return contentHash(JSON.stringify([title, body, comments.map((each) => [each.author?.id ?? null, each.body])]));
}

/**
 * Of the hash of a text: how many digits a person is shown, and has to quote for a yes. Whoever writes both texts looks
 * for any two that agree: in 12 digits after some 2^24 tries, which take minutes; in 32 after 2^64.
 */
export const textHashDigits = 32;

/** The first digits of a text's hash, as people quote it. */
export function shortHash(hash: string): string {
  return hash.slice(0, textHashDigits);
}

/** `title and body by mallory`: what was edited and by whom, in the order of the edits. */
export function describeEdits(edits: AskedText['edits']): string {
  const byWhom = new Map<string, Set<string>>();
  for (const { field, login } of edits) {
    const who = login ?? 'nobody knows whom';
    byWhom.set(who, (byWhom.get(who) ?? new Set()).add(field === 'comment' ? 'a comment' : field));
  }
  return [...byWhom].map(([who, fields]) => `${[...fields].join(' and ')} by ${who}`).join(', ');
}
