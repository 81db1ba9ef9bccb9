import type { Issue } from '@baton/core';
import { contentHash } from '../text/content-hash.js';

/** Hash of what a person asked for. Labels come and go by bots. */
export function hashRequest({ title, body }: Pick<Issue, 'title' | 'body'>): string {
  return contentHash(JSON.stringify([title, body]));
}
