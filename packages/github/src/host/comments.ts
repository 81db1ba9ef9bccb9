import type { CallOptions } from '@baton/core';
import { topicMarker, topicOf } from '@baton/core';
import { z } from 'zod';
import { idShape, userShape } from './actor.js';
import { misshapen, notFound } from './map-error.js';
import type { Repository } from './repository.js';

const commentShape = z.looseObject({ id: idShape, body: z.string().nullish(), user: userShape.nullish() });

/** GitHub takes no longer text. */
export const longestText = 65_536;
const clipNote = '\n\n… (clipped: GitHub takes no longer text)';

/** One comment for each topic below an issue or a pull request, edited in place. */
export async function ensureComment(
  repository: Repository,
  comment: { readonly number: number; readonly topic: string; readonly body: string },
  options?: CallOptions,
): Promise<{ readonly id: string }> {
  const { client, at, fullName } = repository;
  const { number, topic } = comment;
  const where = { ...at, issue_number: number };
  const what = (verb: string): string => `${verb} comments of ${fullName}#${number}`;
  const key = `${number} ${topic}`;
  const body = `${topicMarker(topic)}\n${fit(comment.body, longestText - topicMarker(topic).length - 1)}`;
  const known = repository.comments.get(key);
  if (known && normalize(known.body) !== normalize(body)) {
    const isThere = await edit(known.id);
    if (isThere) return remember(known.id);
  }
  const [first, ...doubled] = repository.bare.take(number) ? [] : await listOurs();
  if (first === undefined) {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
    const { data } = await client.request(route, { ...where, body }, { ...options, what: what('write') });
    const made = commentShape.safeParse(data);
    if (made.success) return remember(made.data.id);
    throw misshapen(what('write'), 'no comment');
  }
  if (normalize(first.body ?? '') !== normalize(body) && !(await edit(first.id))) throw notFound(`comment ${first.id}`);
  for (const each of doubled) {
    const route = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';
    const call = { ...options, what: what('remove doubled'), accept: [404] };
    await client.request(route, { ...at, comment_id: each.id }, call);
  }
  return remember(first.id);

  function remember(id: string): { readonly id: string } {
    repository.comments.set(key, { id, body });
    return { id };
  }

  /** A marker counts in what Baton's own account wrote, and nowhere else. */
  async function listOurs(): Promise<readonly z.infer<typeof commentShape>[]> {
    const self = await repository.self({ ...options });
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
    const listed = await client.list(route, where, { ...options, what: what('list') });
    return listed.flatMap((each) => {
      const parsed = commentShape.safeParse(each);
      const isOurs = parsed.success && parsed.data.user?.id === self.id && topicOf(parsed.data.body ?? '') === topic;
      return isOurs ? [parsed.data] : [];
    });
  }

  /** False where it is gone. */
  async function edit(id: string): Promise<boolean> {
    const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
    const call = { ...options, what: what('edit'), accept: [404] };
    const { status } = await client.request(route, { ...at, comment_id: id, body }, call);
    return status !== 404;
  }
}

/** The number behind one of our ids. `NOT_FOUND` for anything else. */
export function numberOf(id: string, fullName: string): number {
  const number = numberOrNull(id);
  if (number === null) throw notFound(`#${id} in ${fullName}`);
  return number;
}

/** The number behind one of our ids, or null. */
export function numberOrNull(id: string): number | null {
  return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : null;
}

/** Text as GitHub takes it: whole characters, no NUL, not longer than it may be. */
export function fit(text: string, most: number): string {
  const clean = text.toWellFormed().replaceAll('\u0000', '');
  return clean.length <= most ? clean : `${clean.slice(0, most - clipNote.length).toWellFormed()}${clipNote}`;
}

/** Texts that differ only in what hosts change by themselves are equal. */
export function normalize(text: string): string {
  return text.replace(/\r\n?/g, '\n').trimEnd();
}
