import { expect, it } from 'vitest';
import { createConditionalReads } from '../../src/host/conditional-reads.js';

it('keeps what is asked for again and again, and forgets what nobody asked for longest', async () => {
  const reads = createConditionalReads();
  const validators: string[] = [];
  const ask = (key: string) =>
    reads.read(key, async (headers) => {
      const validator = headers['if-none-match'];
      if (key === 'often' || key === 'once') validators.push(`${key} ${validator ?? 'anew'}`);
      const status = validator === undefined ? 200 : 304;
      return { status, data: key, headers: { etag: `"${key}"` } };
    });
  await ask('once');
  for (let other = 0; other < 400; other += 1) {
    await ask(`other ${other}`);
    if (other % 100 === 0) expect((await ask('often')).data).toBe('often');
  }
  await ask('often');
  await ask('once');
  const known = 'often "often"';
  expect(validators).toEqual(['once anew', 'often anew', known, known, known, known, 'once anew']);
});
