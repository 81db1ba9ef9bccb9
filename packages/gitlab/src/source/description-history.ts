import type { Instant } from '@baton/core';
import type { GitlabApi } from '../host/api.js';
import { type GitlabNote, type GitlabUser, historyShape, read } from '../host/shapes.js';

/** What GitLab tells of the edits of an issue and its comments by GraphQL alone. */
export interface EditHistory {
  /** The description as it stood then; null where GitLab doesn't tell it beyond doubt. */
  descriptionAt(at: Instant): string | null;
  /** The last edit of a comment; null where it was never edited, `unknown` where GitLab doesn't tell. */
  editOf(noteId: number): { readonly at: Instant; readonly user: GitlabUser | null } | 'unknown' | null;
}

type HistoryNote = NonNullable<ReturnType<typeof historyShape.parse>['issue']>['notes']['nodes'][number];

const query = `query batonEditHistory($id: IssueID!, $after: String) {
  issue(id: $id) {
    notes(first: 100, after: $after) {
      nodes {
        id createdAt lastEditedAt lastEditedBy { id username }
        systemNoteMetadata { action descriptionVersion { description diff } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** Whether a system note tells of a change of the description: ticking a task is one, and may hide another. */
export function isDescriptionChange({ system, body }: GitlabNote): boolean {
  return system && /^(?:changed the description|marked the (?:task|checklist item)\b)/.test(body);
}

const mostPages = 100;

/** Asked only where something was edited after the trigger. Knows nothing where this GitLab lacks the fields. */
export async function readEditHistory(issueId: number, api: GitlabApi): Promise<EditHistory> {
  const notes: HistoryNote[] = [];
  for (let after: string | null = null, pages = 0; ; pages += 1) {
    const data = await api.graphql(query, { id: `gid://gitlab/Issue/${issueId}`, after });
    const page = data === null ? null : read(historyShape, data, 'the edits of an issue').issue?.notes;
    if (!page) return { descriptionAt: () => null, editOf: () => 'unknown' };
    notes.push(...page.nodes);
    const { hasNextPage, endCursor = null } = page.pageInfo;
    if (!hasNextPage) break;
    // Of a history that isn't read whole nothing is beyond doubt.
    if (endCursor === null || endCursor === after || pages === mostPages) {
      return { descriptionAt: () => null, editOf: () => 'unknown' };
    }
    after = endCursor;
  }
  const changes = notes
    .filter((each) => each.systemNoteMetadata?.descriptionVersion)
    .sort((left, right) => left.createdAt - right.createdAt || numberIn(left.id) - numberIn(right.id));
  return {
    descriptionAt(at) {
      const before = changes.findLast((each) => each.createdAt <= at);
      if (before) return before.systemNoteMetadata?.descriptionVersion?.description ?? null;
      const first = changes[0]?.systemNoteMetadata?.descriptionVersion;
      if (!first || typeof first.diff !== 'string') return null;
      const { old, current } = readDiff(first.diff);
      return current === (first.description ?? '') ? old : null;
    },
    editOf(noteId) {
      const note = notes.find((each) => numberIn(each.id) === noteId);
      if (note === undefined) return 'unknown';
      if (!note.lastEditedAt) return null;
      const by = note.lastEditedBy;
      const user = by ? { id: numberIn(by.id), username: by.username } : null;
      return { at: note.lastEditedAt, user };
    },
  };
}

/** Both sides of GitLab's diff of two descriptions: spans of class `idiff`, those of one side with `deletion` or `addition`. */
function readDiff(html: string): { readonly old: string; readonly current: string | null } {
  let [old, current] = ['', ''];
  for (const [, classes = '', content = ''] of html.matchAll(spans)) {
    const text = unescapeHtml(content);
    if (!classes.includes('addition')) old += text;
    if (!classes.includes('deletion')) current += text;
  }
  return { old, current: html.replaceAll(spans, '').trim() === '' ? current : null };
}

const spans = /<span class="([^"]*)">([^<]*)<\/span>/g;

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function unescapeHtml(html: string): string {
  return html.replace(/&(?:lt|gt|quot|#39|amp);/g, (found) => entities[found] ?? found);
}

/** The number at the end of `gid://gitlab/Note/12`. */
function numberIn(id: string): number {
  return Number(/(\d+)$/.exec(id)?.[1] ?? 0);
}
