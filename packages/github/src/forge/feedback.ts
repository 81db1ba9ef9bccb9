import { createHash } from 'node:crypto';
import type { CallOptions, Feedback } from '@baton/core';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { whoFragment, whoShape, whoToActor } from '../host/actor.js';
import type { Repository } from '../host/repository.js';
import { feedbackTextQuery, type ObservedPull } from './observe-query.js';

/** Something that somebody said of a pull request, without its words. */
export interface FeedbackItem {
  readonly id: string;
  /** Another one once its words were edited. */
  readonly token: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly verdict: Feedback['verdict'];
  /** A review that asks nothing and has no words is only what holds its comments. */
  readonly mayBeEmpty: boolean;
}

const verdicts: ReadonlyMap<string, Feedback['verdict']> = new Map([
  ['APPROVED', 'approve'],
  ['CHANGES_REQUESTED', 'request-changes'],
]);

/** Reviews that nobody stands by: not submitted yet, or dismissed. */
const unsaid: ReadonlySet<string> = new Set(['PENDING', 'DISMISSED']);

/** What counts as feedback: not Baton's own, not hidden, not resolved, not dismissed, and not before its author has submitted it. */
export function listFeedbackItems(pull: ObservedPull): readonly FeedbackItem[] {
  const present = <Item>(nodes: readonly (Item | null)[] | null | undefined): readonly Item[] =>
    (nodes ?? []).filter((each) => each !== null);
  const counts = (each: {
    readonly viewerDidAuthor: boolean;
    readonly isMinimized?: boolean | null | undefined;
  }): boolean => !each.viewerDidAuthor && each.isMinimized !== true;
  const plain = { path: null, line: null, verdict: 'comment' as const, mayBeEmpty: false };
  const comments = present(pull.comments.nodes)
    .filter(counts)
    .map((each) => ({ ...plain, id: each.id, token: tokenOf(each) }));
  const reviews = present(pull.reviews?.nodes)
    .filter((each) => counts(each) && !unsaid.has(each.state))
    .map((each) => {
      const verdict = verdicts.get(each.state) ?? ('comment' as const);
      return { ...plain, id: each.id, token: tokenOf(each), verdict, mayBeEmpty: verdict !== 'comment' };
    });
  const threads = present(pull.reviewThreads.nodes)
    .filter((thread) => !thread.isResolved)
    .flatMap((thread) =>
      present(thread.comments.nodes)
        .filter((each) => counts(each) && each.state !== 'PENDING')
        .map((each) => {
          // GitHub has none once the line was changed since: the number that it had then names another line now.
          return { ...plain, id: each.id, token: tokenOf(each), path: thread.path, line: thread.line ?? null };
        }),
    );
  return [...comments, ...reviews, ...threads];
}

function tokenOf({
  id,
  lastEditedAt,
}: {
  readonly id: string;
  readonly lastEditedAt?: string | null | undefined;
}): string {
  return createHash('sha256')
    .update(`${id} ${lastEditedAt ?? ''}`)
    .digest('base64url')
    .slice(0, 12);
}

const feedbackTextShape = z.looseObject({
  nodes: z.array(
    z
      .looseObject({
        id: z.string(),
        body: z.string(),
        createdAt: z.iso.datetime().transform((text) => Date.parse(text)),
        author: whoShape,
      })
      .nullable(),
  ),
});

/** What an item says. */
export type FeedbackText = NonNullable<z.infer<typeof feedbackTextShape>['nodes'][number]>;

/** Texts by token, kept while they are asked for: a watcher looks again and again before anybody acts. */
export interface FeedbackTexts {
  read(items: readonly FeedbackItem[], options?: CallOptions): Promise<ReadonlyMap<string, FeedbackText>>;
}

const pageSize = 100;
const mostKept = 1000;

export function createFeedbackTexts({ client, fullName }: Repository): FeedbackTexts {
  const kept = new LRUCache<string, FeedbackText>({ max: mostKept });
  return {
    async read(items, options) {
      const found = new Map<string, FeedbackText>();
      const missing: FeedbackItem[] = [];
      for (const each of items) {
        const words = kept.get(each.token);
        if (words) found.set(each.token, words);
        else missing.push(each);
      }
      for (let first = 0; first < missing.length; first += pageSize) {
        const asked = missing.slice(first, first + pageSize);
        const ids = asked.map((each) => each.id);
        const call = { ...options, what: `read the feedback in ${fullName}` };
        const { nodes } = await client.graphql(
          `${feedbackTextQuery}\n${whoFragment}`,
          { ids },
          feedbackTextShape,
          call,
        );
        const byId = new Map(nodes.flatMap((each) => (each ? [[each.id, each] as const] : [])));
        for (const { id, token } of asked) {
          const words = byId.get(id);
          // Gone between two looks: nobody says it any more.
          if (!words) continue;
          found.set(token, words);
          kept.set(token, words);
        }
      }
      return found;
    },
  };
}

/** Feedback as the contracts have it. Null where there is nothing to read. */
export function toFeedback(
  item: FeedbackItem,
  words: FeedbackText,
  self: { readonly id: string; readonly login: string },
): Feedback | null {
  if (words.body.trim() === '' && !item.mayBeEmpty) return null;
  const { id, path, line, verdict } = item;
  const { body, createdAt: at } = words;
  return { id, author: whoToActor(words.author, self), body, path, line, verdict, at };
}
