import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { readServerEvents, type ServerEvent } from '../src/index.js';

/** An answer that comes in these pieces. */
function respond(...pieces: readonly (string | Uint8Array)[]): { response: Response; isClosed: () => boolean } {
  const left = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  let isClosed = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
    cancel() {
      isClosed = true;
    },
  });
  return { response: new Response(body), isClosed: () => isClosed };
}

async function read(...pieces: readonly (string | Uint8Array)[]): Promise<readonly ServerEvent[]> {
  return await Array.fromAsync(readServerEvents(respond(...pieces).response, 'test'));
}

const event = (value: object, name: string | null = null): ServerEvent => ({
  type: 'event',
  name,
  value: JSON.parse(JSON.stringify(value)),
});

describe('an answer', () => {
  it('is read event by event, whatever pieces it comes in, and not behind its end', async () => {
    const text =
      ': wait\n\nevent: a\ndata: {"x":"ä€"}\r\n\r\ndata:{"y":\ndata: 2}\n\ndata: [DONE]\n\ndata: {"z":3}\n\n';
    const expected = [event({ x: 'ä€' }, 'a'), event({ y: 2 }), { type: 'done' }];
    expect(await read(text)).toEqual(expected);
    const bytes = new TextEncoder().encode(text);
    expect(await read(...Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)))).toEqual(expected);
  });

  it('may leave out the blank line at its end; what was cut there is nothing', async () => {
    expect(await read('data: {"x":1}\n\ndata: [DONE]')).toEqual([event({ x: 1 }), { type: 'done' }]);
    expect(await read('data: {"x":1}')).toEqual([event({ x: 1 })]);
    expect(await read('data: {"x":1}\n\ndata: {"y":')).toEqual([event({ x: 1 })]);
  });

  it('may be one body of JSON, whatever its label says', async () => {
    expect(await read(' \n{"error":', '{"code":502}}')).toEqual([{ type: 'body', value: { error: { code: 502 } } }]);
    expect(await read('')).toEqual([]);
  });

  it.each([
    ['a page', ['<!doctype html><p>Sign in']],
    ['a body that is no JSON', ['{"x":']],
    ['an event that is no JSON', ['data: {"x": oops}\n\n']],
    ['an event nested without end', [`data: ${'['.repeat(50_000)}${']'.repeat(50_000)}\n\n`]],
    ['an event that never ends', ['data: ', ...Array(140).fill(new Uint8Array(65_536).fill(97))]],
    ['a body that never ends', ['{', ...Array(140).fill(new Uint8Array(65_536).fill(32))]],
    ['blanks that never end', Array(140).fill(new Uint8Array(65_536).fill(10))],
  ])('that is %s is refused, and its connection closed', async (_, pieces) => {
    const { response, isClosed } = respond(...pieces, 'data: {}\n\n');
    const error: unknown = await Array.fromAsync(readServerEvents(response, 'test')).catch((reason: unknown) => reason);
    expect(BatonError.is(error, 'PROTOCOL_VIOLATION')).toBe(true);
    expect(response.body?.locked === true || isClosed()).toBe(true);
  });

  it('is closed where nobody reads on', async () => {
    const { response, isClosed } = respond('data: {"x":1}\n\n', 'data: {"x":2}\n\n');
    for await (const each of readServerEvents(response, 'test')) {
      expect(each).toEqual(event({ x: 1 }));
      break;
    }
    expect(isClosed()).toBe(true);
  });
});
