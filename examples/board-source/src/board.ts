import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What somebody says of an issue. What isn't there stays as it is. */
export interface BoardChange {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly labels?: readonly string[] | undefined;
  /** Logins. */
  readonly assignees?: readonly string[] | undefined;
  /** One of an id that stands there is edited, and without any text taken away. */
  readonly comment?: { readonly id: string; readonly text: string } | undefined;
}

/** One line of `board.jsonl`. The first of an issue opens it. */
export interface BoardEvent extends BoardChange {
  readonly at: number;
  readonly by: string;
  readonly issue: string;
}

/** An issue as it stands behind some of its events. */
export interface BoardIssue extends Required<Omit<BoardChange, 'comment'>> {
  readonly author: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly comments: readonly BoardComment[];
}

/** A comment as it stands. */
export interface BoardComment {
  readonly id: string;
  readonly by: string;
  readonly at: number;
  readonly text: string;
}

/** Every event, oldest first. A board that nobody has written to yet is empty. */
export async function readBoard(directory: string): Promise<readonly BoardEvent[]> {
  const text = await readFile(join(directory, 'board.jsonl'), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  });
  // The board's own programs write it, a line at once.
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BoardEvent);
}

/** One more event. */
export function writeEvent(directory: string, event: BoardEvent): Promise<void> {
  return appendFile(join(directory, 'board.jsonl'), `${JSON.stringify(event)}\n`);
}

/** An issue by its events. Null where there are none. */
export function foldIssue(events: readonly BoardEvent[]): BoardIssue | null {
  const [first] = events;
  if (first === undefined) return null;
  const { by: author, at: createdAt } = first;
  let issue: BoardIssue = { author, createdAt, updatedAt: createdAt, ...empty };
  for (const { at, by, title, body, state, labels, assignees, comment } of events) {
    issue = {
      author,
      createdAt,
      updatedAt: at,
      title: title ?? issue.title,
      body: body ?? issue.body,
      state: state ?? issue.state,
      labels: labels ?? issue.labels,
      assignees: assignees ?? issue.assignees,
      comments: comment === undefined ? issue.comments : withComment(issue.comments, { ...comment, by, at }),
    };
  }
  return issue;
}

const empty = { title: '', body: '', state: 'open', labels: [], assignees: [], comments: [] } as const;

function withComment(comments: readonly BoardComment[], comment: BoardComment): readonly BoardComment[] {
  if (comment.text === '') return comments.filter(({ id }) => id !== comment.id);
  const isThere = comments.some(({ id }) => id === comment.id);
  return isThere
    ? comments.map((each) => (each.id === comment.id ? { ...each, text: comment.text } : each))
    : [...comments, comment];
}
