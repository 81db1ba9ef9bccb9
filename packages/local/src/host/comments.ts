import { createLimit } from '@baton/adapter-kit';
import type { CallOptions, Instant, Runtime } from '@baton/core';
import { BatonError, topicMarker, topicOf } from '@baton/core';
import { z } from 'zod';
import { selfLogin } from './actor.js';
import { instantShape, loginShape, numberShape, toProblem, wordShape } from './field-shapes.js';
import { createMarkdown, normalizeText } from './markdown-file.js';
import type { MarkdownFolder, ReadFile } from './markdown-folder.js';

const shape = z.looseObject({
  author: loginShape,
  at: instantShape,
  verdict: wordShape,
  path: wordShape,
  line: numberShape,
});

const longestBody = 200_000;

/** A comment on an issue or a pull request. */
export interface CommentFile {
  /** The file's name without its ending. */
  readonly id: string;
  readonly filePath: string;
  readonly author: string | null;
  /** As the file says; where it doesn't, when it last changed. */
  readonly at: Instant;
  readonly changedAt: Instant;
  readonly body: string;
  readonly hash: string;
  readonly verdict: string | null;
  readonly path: string | null;
  readonly line: number | null;
}

/** The comments of one issue or pull request, each a file in one directory. */
export interface CommentFiles {
  /** Oldest first. One that can't be read is left out. */
  list(directory: string, options?: CallOptions): Promise<readonly CommentFile[]>;
  /** One comment of Baton's own per topic, found by its marker, edited in place. */
  ensure(
    comment: { readonly directory: string; readonly topic: string; readonly body: string },
    options?: CallOptions,
  ): Promise<{ readonly id: string }>;
}

/** Does no input or output. */
export function createCommentFiles(files: MarkdownFolder, runtime: Runtime): CommentFiles {
  const inTurn = createLimit(1);

  const list = async (directory: string, options?: CallOptions): Promise<readonly CommentFile[]> => {
    const comments: CommentFile[] = [];
    for (const name of (await files.folder.list(directory)) ?? []) {
      options?.signal?.throwIfAborted();
      if (!/\.md$/i.test(name)) continue;
      const path = `${directory}/${name}`;
      const found = await files.read(path);
      const comment = found === null || 'problem' in found ? found : toComment(name, found);
      files.complain(path, comment !== null && 'problem' in comment ? comment.problem : null);
      if (comment !== null && !('problem' in comment)) comments.push(comment);
    }
    return comments.sort((left, right) => left.at - right.at || compareNames(left.id, right.id));
  };

  return {
    list,
    ensure: ({ directory, topic, body }, options) =>
      inTurn(async () => {
        const wanted = normalizeText(`${topicMarker(topic)}\n${clip(body)}`);
        const present = await list(directory, options);
        const [first, ...others] = present.filter((each) => each.author === selfLogin && topicOf(each.body) === topic);
        for (const other of others) await files.folder.remove(other.filePath);
        if (first) {
          if (first.body !== wanted) {
            await files.change(first.filePath, ({ file }) => (file.body === wanted ? null : { body: wanted }));
          }
          return { id: first.id };
        }
        const bytes = createMarkdown({ author: selfLogin, at: new Date(runtime.clock.now()).toISOString() }, wanted);
        const last = present.reduce((highest, each) => Math.max(highest, numberOf(each.id)), 0);
        for (let number = last + 1; number <= last + 1000; number += 1) {
          const id = `${String(number).padStart(4, '0')}-${topic}`;
          if (await files.folder.create(`${directory}/${id}.md`, bytes)) return { id };
        }
        throw new BatonError('INTERNAL', `No name is free for a comment in ${directory}.`, { details: { directory } });
      }),
  };
}

function toComment(name: string, { path, file, stamp, hash }: ReadFile): CommentFile | { readonly problem: string } {
  const parsed = shape.safeParse(file.fields);
  if (!parsed.success) return toProblem(parsed.error);
  const { author, at, verdict, path: about, line } = parsed.data;
  return {
    ...{ id: name.replace(/\.md$/i, ''), filePath: path, author, body: file.body, hash, verdict, path: about, line },
    at: at ?? stamp.changedAt,
    changedAt: stamp.changedAt,
  };
}

function numberOf(id: string): number {
  const digits = /^\d{1,9}/.exec(id)?.[0];
  return digits === undefined ? 0 : Number(digits);
}

function compareNames(left: string, right: string): number {
  return numberOf(left) - numberOf(right) || (left < right ? -1 : 1);
}

/** So that what Baton writes stays below the size that it reads. */
function clip(body: string): string {
  return body.length <= longestBody
    ? body
    : `${body.slice(0, longestBody).toWellFormed()}\n\n*Clipped: the rest was too long.*`;
}
