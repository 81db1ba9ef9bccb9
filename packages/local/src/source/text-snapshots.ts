import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@baton/adapter-kit';
import type { AdapterHost, Instant, IssueQuery, Runtime } from '@baton/core';
import { z } from 'zod';
import { selfLogin } from '../host/actor.js';
import type { CommentFile } from '../host/comments.js';
import { contentHash } from '../host/content-hash.js';
import { codeOf, mapFileError, unavailable } from '../host/map-error.js';
import { type IssueFile, isHandedOver, padNumber } from './issue-files.js';

const sightShape = z.object({
  version: z.literal(1),
  trigger: z.string(),
  at: z.number(),
  bornAt: z.number(),
  title: z.string(),
  body: z.string(),
  comments: z.array(z.object({ id: z.string(), author: z.string().nullable(), at: z.number(), body: z.string() })),
});

/** An issue as it stood when Baton first saw it handed over. */
export interface Sight {
  /** Who handed it over, and when they say they did. Another one is another trigger. */
  readonly trigger: string;
  readonly at: Instant;
  /** When the file was made: a file that Baton writes is a new one to the file system. */
  readonly bornAt: Instant;
  readonly title: string;
  readonly body: string;
  readonly comments: readonly Pick<CommentFile, 'id' | 'author' | 'at' | 'body'>[];
}

/** Remembers first sights, in Baton's own state directory. */
export interface FirstSights {
  /**
   * Takes notice of an issue as it is now: remembers one that was handed over since the last look, forgets one
   * that no longer is. The sight that stands; null where nobody handed it over. `comments` is called where
   * they are needed.
   */
  see(
    issue: IssueFile,
    query: IssueQuery,
    comments: () => Promise<readonly CommentFile[]>,
  ): Promise<Pick<Sight, 'trigger' | 'at' | 'bornAt'> | null>;
  /** What is remembered, text and all; null where it is nothing. */
  read(issue: IssueFile, query: IssueQuery): Promise<Sight | null>;
  /** When the file was made, as far as any sight remembers; null where none does. */
  bornAt(issue: IssueFile): Promise<Instant | null>;
}

/** Keeps a file per issue and query in a directory, which is made where it isn't there; texts masked. Does no input or output. */
export function createFirstSights(directory: string, runtime: Runtime, mask: AdapterHost['mask']): FirstSights {
  const known = new Map<string, Pick<Sight, 'trigger' | 'at' | 'bornAt'> | null>();
  const hashes = new WeakMap<IssueQuery, string>();
  const hashOf = (query: IssueQuery): string => {
    const labels = query.labels.map((label) => label.toLowerCase()).sort();
    const hash = hashes.get(query) ?? contentHash(JSON.stringify([labels, query.assignee]));
    hashes.set(query, hash);
    return hash;
  };
  const pathOf = (issue: IssueFile, query: IssueQuery): string =>
    join(directory, `${padNumber(issue.number)}-${hashOf(query)}.json`);
  const write = async (path: string, sight: Sight): Promise<void> => {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeWhole(path, JSON.stringify({ version: 1, ...sight }));
    } catch (error) {
      throw mapFileError(error, path);
    }
  };

  return {
    async see(issue, query, comments) {
      const path = pathOf(issue, query);
      const before = known.get(path);
      if (!isHandedOver(issue, query)) {
        if (before !== null) await rm(path, { force: true });
        known.set(path, null);
        return null;
      }
      const trigger = JSON.stringify([issue.labeledBy ?? issue.author, issue.labeledAt]);
      if (before?.trigger === trigger) return before;
      // Another process may have seen it first.
      const stored = await readSight(path);
      if (stored?.trigger === trigger) {
        known.set(path, { trigger, at: stored.at, bornAt: stored.bornAt });
        return stored;
      }
      const sight: Sight = {
        trigger,
        at: issue.labeledAt ?? runtime.clock.now(),
        bornAt: stored?.bornAt ?? issue.bornAt,
        title: mask(issue.title),
        body: mask(issue.body),
        comments: (await comments())
          .filter((each) => each.author !== selfLogin && (issue.labeledAt === null || each.at <= issue.labeledAt))
          .map(({ id, author, at, body }) => ({ id, author, at, body: mask(body) })),
      };
      await write(path, sight);
      known.set(path, { trigger, at: sight.at, bornAt: sight.bornAt });
      return sight;
    },
    read: async (issue, query) => readSight(pathOf(issue, query)),
    async bornAt(issue) {
      const names = await readdir(directory).catch(() => []);
      const name = names.find((each) => each.startsWith(`${padNumber(issue.number)}-`) && each.endsWith('.json'));
      const sight = name === undefined ? null : await readSight(join(directory, name)).catch(() => null);
      return sight?.bornAt ?? null;
    },
  };
}

async function readSight(path: string): Promise<Sight | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw mapFileError(error, path);
  }
  try {
    return sightShape.parse(JSON.parse(text));
  } catch (error) {
    // Taking today's text instead would hand the agent what somebody wrote since.
    throw unavailable(
      `${path} is damaged, so nobody can tell what the issue said when it was handed over.`,
      `delete ${path}; then the issue counts as handed over anew`,
      error,
    );
  }
}
