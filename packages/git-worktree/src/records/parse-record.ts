import { BatonError } from '@baton/core';
import type { z } from 'zod';

/** What Baton wrote to its own disk, and reads again. `STORE_UNREADABLE` where something else stands there. */
export function parseRecord<Record>(
  schema: z.ZodType<Record>,
  text: string,
  { path, what }: { readonly path: string; readonly what: string },
): Record {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new BatonError('STORE_UNREADABLE', `${what}, ${path}, can't be read.`, {
    details: { path },
    adapter: 'git-worktree',
    fix: `Look at ${path} and what it belongs to, then move it away.`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
