import { isAbsolute, relative, resolve } from 'node:path';
import type { CallOptions, Instant, IssueQuery } from '@baton/core';
import { z } from 'zod';
import { instantShape, loginShape, numberShape, toProblem, wordShape, wordsShape } from '../host/field-shapes.js';
import { unavailable } from '../host/map-error.js';
import type { Problem } from '../host/markdown-file.js';
import type { MarkdownFolder, ReadFile } from '../host/markdown-folder.js';

const shape = z.looseObject({
  title: wordShape,
  labels: wordsShape,
  author: loginShape,
  state: wordShape,
  assignees: wordsShape,
  priority: numberShape,
  blockedBy: wordsShape,
  labeledBy: loginShape,
  labeledAt: instantShape,
  createdAt: instantShape,
  visibility: wordShape,
});

/** One `issues/0001-title.md`. */
export interface IssueFile {
  readonly number: number;
  readonly path: string;
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly rawState: string;
  readonly author: string | null;
  /** As the file has them. */
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly priority: number | null;
  readonly blockedBy: readonly string[];
  readonly labeledBy: string | null;
  readonly labeledAt: Instant | null;
  readonly createdAt: Instant | null;
  readonly private: boolean;
  readonly changedAt: Instant;
  readonly bornAt: Instant;
  readonly hash: string;
}

/** The issues of the folder, by number. */
export interface IssueFiles {
  /** Every one that can be read. `UNAVAILABLE` where the folder itself is missing: that isn't "no issues". */
  list(options?: CallOptions): Promise<ReadonlyMap<number, IssueFile>>;
  /** Null where no file has the number; `UNAVAILABLE` where it can't be read. */
  get(number: number, options?: CallOptions): Promise<IssueFile | null>;
  /** The number that a person means: `1`, `#1`, `0001`, `local:0001`, or the file's path. */
  numberOf(reference: string): number | null;
}

/** Where the issues stand. */
export const issueDirectory = 'issues';

/** `0001`: as file names and keys have it. */
export function padNumber(number: number): string {
  return String(number).padStart(4, '0');
}

/** Where the comments of an issue stand. */
export function commentDirectory(number: number): string {
  return `${issueDirectory}/${padNumber(number)}/comments`;
}

/** Does no input or output. Relative paths that a person types are taken from `bases`, or from the folder. */
export function createIssueFiles(files: MarkdownFolder, bases: readonly string[]): IssueFiles {
  const { root } = files.folder;

  /** File name by number; of two with one number the first by name counts. */
  const names = async (): Promise<ReadonlyMap<number, string>> => {
    const found = new Map<number, string>();
    const listed = await files.folder.list(issueDirectory);
    if (listed === null && !(await files.folder.exists())) {
      throw unavailable(`The folder ${root} is not there.`, `create ${root}/${issueDirectory}, or set path`);
    }
    for (const name of listed ?? []) {
      if (!/\.md$/i.test(name) || /^readme\.md$/i.test(name)) continue;
      const number = numberIn(name);
      const taken = number === null ? undefined : found.get(number);
      const path = `${issueDirectory}/${name}`;
      if (number === null) {
        files.complain(path, 'has no number at the start of its name, such as 0001-title.md');
      } else if (taken === undefined) {
        found.set(number, name);
      } else {
        files.complain(path, `has the number of ${issueDirectory}/${taken}: give it another`);
      }
    }
    return found;
  };
  // A file that didn't change is the same object, and the same issue.
  const made = new WeakMap<ReadFile, IssueFile | Problem>();
  const judge = (number: number, name: string, found: ReadFile | Problem | null): IssueFile | Problem | null => {
    if (found === null || 'problem' in found) {
      if (found !== null) files.complain(`${issueDirectory}/${name}`, found.problem);
      return found;
    }
    const known = made.get(found);
    if (known !== undefined) return known;
    const issue = toIssue(number, name, found);
    made.set(found, issue);
    files.complain(found.path, 'problem' in issue ? issue.problem : null);
    return issue;
  };
  const load = async (number: number, name: string): Promise<IssueFile | Problem | null> =>
    judge(number, name, await files.read(`${issueDirectory}/${name}`));

  return {
    async list(options) {
      const issues = new Map<number, IssueFile>();
      const named = [...(await names())];
      options?.signal?.throwIfAborted();
      const found = await files.readAll(
        issueDirectory,
        named.map(([, name]) => name),
      );
      options?.signal?.throwIfAborted();
      for (const [index, [number, name]] of named.entries()) {
        const issue = judge(number, name, found[index] ?? null);
        if (issue !== null && !('problem' in issue)) issues.set(number, issue);
      }
      return issues;
    },
    async get(number, options) {
      // An issue that was read stood there: without the folder nothing can be told of it.
      if ((await files.folder.list(issueDirectory)) === null) {
        const where = `${root}/${issueDirectory}`;
        throw unavailable(`The folder ${where} is not there.`, `put ${where} back where it was`);
      }
      const name = (await names()).get(number);
      options?.signal?.throwIfAborted();
      const issue = name === undefined ? null : await load(number, name);
      if (issue === null || !('problem' in issue)) return issue;
      throw unavailable(`${issueDirectory}/${name} ${issue.problem}.`, `mend ${issueDirectory}/${name}`);
    },
    numberOf(reference) {
      const typed = reference.trim();
      const plain = /^(?:local[:#]|#)?(\d{1,9})$/i.exec(typed)?.[1];
      if (plain !== undefined) return Number(plain) || null;
      if (!/\.md$/i.test(typed)) return null;
      for (const base of isAbsolute(typed) ? [root] : [...bases, root, resolve(root, issueDirectory)]) {
        const parts = relative(root, resolve(base, typed)).split(/[\\/]/);
        if (parts.length === 2 && parts[0] === issueDirectory) return numberIn(parts[1] ?? '');
      }
      return null;
    },
  };
}

/** Whether the query's label, or assignment, is there: that somebody handed the issue over. */
export function isHandedOver(issue: IssueFile, query: IssueQuery): boolean {
  const labels = new Set(issue.labels.map((label) => label.toLowerCase()));
  return (
    query.labels.every((label) => labels.has(label.toLowerCase())) &&
    (query.assignee === null || issue.assignees.includes(query.assignee))
  );
}

/** Whether the query finds the issue. */
export function matches(issue: IssueFile, query: IssueQuery): boolean {
  const excluded = new Set(query.excludeLabels.map((label) => label.toLowerCase()));
  return issue.open && isHandedOver(issue, query) && !issue.labels.some((label) => excluded.has(label.toLowerCase()));
}

function numberIn(name: string): number | null {
  const digits = /^(\d{1,9})(?!\d)/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits) || null;
}

function toIssue(number: number, name: string, found: ReadFile): IssueFile | { readonly problem: string } {
  const parsed = shape.safeParse(found.file.fields);
  if (!parsed.success) return toProblem(parsed.error);
  const { title, state, visibility, ...fields } = parsed.data;
  const rawState = state?.trim() || 'open';
  return {
    number,
    path: found.path,
    title: title ?? titleOf(name, found.file.body),
    body: found.file.body,
    // A word of the person's own, such as `done`, never sets work going.
    open: rawState.toLowerCase() === 'open',
    rawState,
    author: fields.author,
    labels: fields.labels,
    assignees: fields.assignees.map((login) => login.replace(/^@/, '')),
    priority: fields.priority,
    blockedBy: fields.blockedBy,
    labeledBy: fields.labeledBy,
    labeledAt: fields.labeledAt,
    createdAt: fields.createdAt,
    private: visibility?.toLowerCase() === 'private',
    changedAt: found.stamp.changedAt,
    bornAt: found.stamp.bornAt,
    hash: found.hash,
  };
}

/** A heading may be closed as it was begun. By hand: a pattern would try the end of each row of blanks from each of its places. */
function withoutClosing(heading: string): string {
  let end = heading.length;
  while (end > 1 && heading[end - 1] === '#') end -= 1;
  return heading.slice(0, end).trimEnd();
}

/** The first heading, or else the words of the file's name. */
function titleOf(name: string, body: string): string {
  const [, heading = ''] = /^ {0,3}#{1,6}[ \t]+(\S.*)$/m.exec(body) ?? [];
  if (heading !== '') return withoutClosing(heading);
  const words = name
    .replace(/\.md$/i, '')
    .replace(/^\d+/, '')
    .replace(/[-_\s]+/g, ' ')
    .trim();
  return words || name;
}
