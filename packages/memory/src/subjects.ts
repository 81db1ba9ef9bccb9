import { BatonError } from '@baton/core';
import type { MemoryCommit } from './remote.js';

/** First paragraphs of messages, each on one line: those of a commit and of the ones before it, without merges. */
export function subjectsOf(
  { commits }: { readonly commits: ReadonlyMap<string, MemoryCommit> },
  newest: string,
  most: number,
): readonly string[] {
  if (!commits.has(newest)) {
    throw new BatonError('NOT_FOUND', `There is no commit ${newest} here.`, { details: { resource: newest } });
  }
  const subjects: string[] = [];
  // A set that grows while it is walked.
  const seen = new Set([newest]);
  for (const id of seen) {
    const commit = commits.get(id);
    if (commit === undefined || subjects.length >= most) break;
    for (const parent of commit.parents) seen.add(parent);
    if (commit.parents.length < 2)
      subjects.push(
        commit.message
          .trim()
          .split(/\n\s*\n/)[0]
          ?.replaceAll('\n', ' ') ?? '',
      );
  }
  return subjects;
}
