import { describe, expect, it } from 'vitest';
import { createLineLimit } from '../../src/agent/line-limit.js';

async function pass(chunks: readonly string[], maxLineBytes: number, maxTotalBytes: number): Promise<string> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  return new Response(source.pipeThrough(createLineLimit({ maxLineBytes, maxTotalBytes }))).text();
}

describe('createLineLimit', () => {
  it.each([
    [['abc\ndef\n', 'gh'], 3, 10],
    [['ab', 'c\n', 'def', '\n'], 3, 10],
    [['\n\n\n'], 0, 3],
  ])('lets %j through where lines may have %i bytes and all of it %i', async (chunks, line, total) => {
    expect(await pass(chunks, line, total)).toBe(chunks.join(''));
  });

  it.each([
    [['abcd\n'], 3, 10, 'a line of more than 3 bytes'],
    [['ab', 'cd'], 3, 10, 'a line of more than 3 bytes'],
    [['a\nbcd', 'e\n'], 3, 10, 'a line of more than 3 bytes'],
    [['ab\n', 'cd\n', 'ef\n', 'gh\n'], 3, 10, 'more than 10 bytes'],
  ])('breaks off at %j where lines may have %i bytes and all of it %i', async (chunks, line, total, flaw) => {
    const error = { code: 'PROTOCOL_VIOLATION', message: `The agent printed ${flaw}.` };
    await expect(pass(chunks, line, total)).rejects.toMatchObject(error);
  });
});
