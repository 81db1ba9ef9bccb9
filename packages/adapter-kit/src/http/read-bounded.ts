import { gatherPieces } from './gather-pieces.js';

/** How much of a body is held. */
export interface BodyBounds {
  readonly limit: number;
  /**
   * `all`: a longer one is none. `beginning`: of a longer one, its first `limit` bytes; no more is read. `end`: of a
   * longer one, its last `limit` bytes and a few pieces more.
   */
  readonly keep: 'all' | 'beginning' | 'end';
}

/** A body's bytes, as they were before they were packed for the way. Null where it is longer than may be, all of it. */
export function readBounded(response: Response, bounds: BodyBounds & { readonly keep: 'beginning' }): Promise<Buffer>;
export function readBounded(response: Response, bounds: BodyBounds): Promise<Buffer | null>;
export async function readBounded(response: Response, { limit, keep }: BodyBounds): Promise<Buffer | null> {
  if (response.body === null) return Buffer.alloc(0);
  const pieces = gatherPieces();
  for await (const chunk of response.body) {
    pieces.add(chunk);
    if (keep === 'beginning' && pieces.size >= limit) break;
    if (keep === 'all' && pieces.size > limit) return null;
    if (keep === 'end') pieces.dropBefore(limit);
  }
  const bytes = pieces.whole();
  return keep === 'beginning' ? bytes.subarray(0, limit) : bytes;
}
