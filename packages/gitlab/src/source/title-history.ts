import type { GitlabNote } from '../host/shapes.js';

/** GitLab's own titles have 255 characters: with marks around each of two, no note is longer. */
const longestNote = 4_096;

const titleNote = /^changed title from \*\*(.*)\*\*$/s;

/** Whether a system note tells of a change of the title. */
export function isTitleChange({ system, body }: GitlabNote): boolean {
  return system && titleNote.test(body);
}

/**
 * The title before the changes of these notes, oldest first; null where they don't tell it beyond doubt.
 * GitLab writes `changed title from **{-Old-} name** to **{+New+} name**`, and escapes nothing: of all ways to
 * read it, exactly one may end in the title that came next.
 */
export function titleBefore(title: string, changes: readonly GitlabNote[]): string | null {
  let current = title;
  for (const { body } of changes.toReversed()) {
    if (body.length > longestNote) return null;
    const parts = body.replace(titleNote, '$1').split('** to **');
    const before = new Set<string>();
    for (let index = 1; index < parts.length; index += 1) {
      const after = parts.slice(index).join('** to **');
      if (unmark(after, '+') === current) before.add(unmark(parts.slice(0, index).join('** to **'), '-'));
    }
    const [only, ...others] = before;
    if (only === undefined || others.length > 0) return null;
    current = only;
  }
  return current;
}

function unmark(text: string, sign: '+' | '-'): string {
  return text.replace(sign === '+' ? /\{\+(.*?)\+\}/gs : /\{-(.*?)-\}/gs, '$1');
}
