/** A body as text. Past `limit` bytes the beginning is dropped where `keep` is `end`; else it rejects. */
export async function readBody(
  response: Response,
  { limit, keep }: { readonly limit: number; readonly keep: 'all' | 'end' },
): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.length;
    while (size > limit) {
      if (keep === 'all') throw new Error(`the answer is longer than ${limit} bytes`);
      const [first] = chunks;
      if (first === undefined || size - first.length < limit) break;
      size -= first.length;
      chunks.shift();
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
