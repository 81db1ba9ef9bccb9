/** How much of a body is held. */
export interface BodyBounds {
  readonly limit: number;
  /**
   * `all`: a longer one is none. `beginning`: of a longer one, its first `limit` bytes; no more is read. `end`: of a
   * longer one, its last `limit` bytes and at most one piece more.
   */
  readonly keep: 'all' | 'beginning' | 'end';
}

/** A body's bytes, as they were before they were packed for the way. Null where it is longer than may be, all of it. */
export function readBounded(response: Response, bounds: BodyBounds & { readonly keep: 'beginning' }): Promise<Buffer>;
export function readBounded(response: Response, bounds: BodyBounds): Promise<Buffer | null>;
export async function readBounded(response: Response, { limit, keep }: BodyBounds): Promise<Buffer | null> {
  if (response.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit && keep === 'all') return null;
    if (keep === 'beginning') {
      if (size >= limit) break;
      continue;
    }
    for (let [first] = chunks; first !== undefined && size - first.length >= limit; [first] = chunks) {
      size -= first.length;
      chunks.shift();
    }
  }
  const bytes = Buffer.concat(chunks);
  return keep === 'beginning' ? bytes.subarray(0, limit) : bytes;
}
