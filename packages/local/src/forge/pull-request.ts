import { mapFew } from '@baton/adapter-kit';
import type { CallOptions } from '@baton/core';
import { z } from 'zod';
import { flagShape, loginShape, toProblem, wordShape, wordsShape } from '../host/field-shapes.js';
import { unavailable } from '../host/map-error.js';
import type { MarkdownFolder, ReadFile } from '../host/markdown-folder.js';
import { padNumber } from '../source/issue-files.js';

const shape = z.looseObject({
  title: wordShape,
  head: wordShape,
  base: wordShape,
  state: wordShape,
  draft: flagShape,
  headCommit: wordShape,
  labels: wordsShape,
  author: loginShape,
  baton: z
    .looseObject({ title: wordShape, draft: z.boolean().nullish(), closedIssues: flagShape })
    .nullish()
    .catch(null),
});

/** One `pulls/0001.md`. */
export interface PullFile {
  readonly number: number;
  readonly path: string;
  readonly title: string | null;
  readonly head: string;
  readonly base: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly rawState: string;
  readonly draft: boolean;
  readonly headCommit: string;
  readonly labels: readonly string[];
  readonly body: string;
  /** What Baton wrote last, so that a person's change shows; null where it never did. */
  readonly written: { readonly title: string | null; readonly draft: boolean | null };
  readonly closedIssues: boolean;
}

/** The pull requests of the folder. */
export interface PullFiles {
  /** Oldest first. One that can't be read is left out, save where it may be of `head`: then `UNAVAILABLE`. */
  list(head: string, options?: CallOptions): Promise<readonly PullFile[]>;
  /** In the order asked, null where there is no such file; `UNAVAILABLE` where one can't be read and never could. */
  get(numbers: readonly number[], options?: CallOptions): Promise<readonly (PullFile | null)[]>;
  /** `UNAVAILABLE` where their folder is away: of one that was made nothing can be told then, also not that it is gone. */
  confirmThere(): Promise<void>;
  /** The highest number that any file bears, readable or not. */
  highestNumber(): Promise<number>;
}

/** Where the pull requests stand. */
export const pullDirectory = 'pulls';

/** The file of a pull request. */
export function pullPath(number: number): string {
  return `${pullDirectory}/${padNumber(number)}.md`;
}

/** Where the comments on a pull request stand. */
export function feedbackDirectory(number: number): string {
  return `${pullDirectory}/${padNumber(number)}/feedback`;
}

/** Does no input or output. */
export function createPullFiles(files: MarkdownFolder): PullFiles {
  // What a file said before somebody broke it: better than taking the pull request for gone.
  const lastGood = new Map<number, PullFile>();

  const load = async (number: number, path: string): Promise<PullFile | { readonly problem: string } | null> => {
    const found = await files.read(path);
    const pull = found === null || 'problem' in found ? found : toPull(number, found);
    files.complain(path, pull !== null && 'problem' in pull ? pull.problem : null);
    if (pull === null) lastGood.delete(number);
    if (pull === null || !('problem' in pull)) {
      if (pull) lastGood.set(number, pull);
      return pull;
    }
    return lastGood.get(number) ?? pull;
  };
  const numbered = async (): Promise<readonly (readonly [number, string])[]> => {
    const names = (await files.folder.list(pullDirectory)) ?? [];
    const found = names.flatMap((name) => {
      const digits = /^(\d{1,9})(?:-.*)?\.md$/i.exec(name)?.[1];
      return digits === undefined || Number(digits) === 0 ? [] : [[Number(digits), name] as const];
    });
    return found.sort(([left], [right]) => left - right);
  };

  return {
    async list(head, options) {
      const pulls: PullFile[] = [];
      for (const [number, name] of await numbered()) {
        options?.signal?.throwIfAborted();
        const path = `${pullDirectory}/${name}`;
        const pull = await load(number, path);
        if (pull === null) continue;
        if (!('problem' in pull)) {
          if (pull.head === head) pulls.push(pull);
          continue;
        }
        const content = await files.folder.read(path);
        if (content.kind === 'bytes' && content.bytes.includes(head)) {
          throw unavailable(`${path} ${pull.problem}, and may be the pull request of ${head}.`, `mend ${path}`);
        }
      }
      return pulls;
    },
    async get(numbers, options) {
      const names = new Map(await numbered());
      return mapFew(numbers, async (number) => {
        options?.signal?.throwIfAborted();
        const name = names.get(number);
        const pull = name === undefined ? null : await load(number, `${pullDirectory}/${name}`);
        if (pull === null || !('problem' in pull)) return pull;
        throw unavailable(`${pullDirectory}/${name} ${pull.problem}.`, `mend ${pullDirectory}/${name}`);
      });
    },
    async confirmThere() {
      if ((await files.folder.list(pullDirectory)) !== null) return;
      const where = `${files.folder.root}/${pullDirectory}`;
      throw unavailable(`The folder ${where} is not there.`, `put ${where} back where it was`);
    },
    highestNumber: async () => (await numbered()).at(-1)?.[0] ?? 0,
  };
}

/** Reads the front matter of a pull request. */
export function toPull(number: number, { path, file }: ReadFile): PullFile | { readonly problem: string } {
  const parsed = shape.safeParse(file.fields);
  if (!parsed.success) return toProblem(parsed.error);
  const { title, head, base, state, draft, headCommit, labels, baton } = parsed.data;
  if (!head) return { problem: 'names no head branch' };
  const rawState = state?.trim() || 'open';
  const word = rawState.toLowerCase();
  return {
    ...{ number, path, title, draft, labels, rawState, body: file.body },
    head: head.replace(/^refs\/heads\//, ''),
    base: base?.replace(/^refs\/heads\//, '') ?? '',
    state: word === 'open' || word === 'merged' ? word : 'closed',
    headCommit: headCommit ?? '',
    written: { title: baton?.title ?? null, draft: baton?.draft ?? null },
    closedIssues: baton?.closedIssues ?? false,
  };
}
