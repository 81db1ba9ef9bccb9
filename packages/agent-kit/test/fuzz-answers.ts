import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readServerEvents, type ServerEvent } from '../src/model/server-events.js';
import { decodeText } from '../src/text/decode-text.js';
import { parseJson } from '../src/text/parse-json.js';

const stream = mutatedText(
  [
    ': wait\n\nevent: a\ndata: {"x":"ä€"}\r\n\r\ndata:{"y":\ndata: 2}\n\ndata: [DONE]\n\ndata: {"z":3}\n\n',
    'event: message_start\ndata: {"type":"message_start"}\n\nevent: ping\ndata: {"type": "ping"}\n\n',
    '{"error":{"code":502}}',
    ' \n[{"error":1}]',
    '<!doctype html><p>Sign in',
  ],
  [
    ...[
      'data: ',
      'data:',
      'event: ',
      'id: 1\n',
      'retry: 5\n',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      ': ',
      '[DONE]',
      '{',
      '}',
      '[',
    ],
    '\ufeff',
    '\0',
  ],
);
const answer = fc.record({
  text: stream,
  size: fc.integer({ min: 1, max: 60 }),
  hasBody: fc.integer({ min: 0, max: 30 }).map((each) => each > 0),
  label: fc.constantFrom(null, 'text/event-stream', `text/html; ${'x'.repeat(200)}`),
});

export const events = fuzzed('an answer is events or a body, or none of a model', answer, async (told) => {
  const bytes = new TextEncoder().encode(told.text);
  let [at, isClosed] = [0, false];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, at + told.size));
      at += told.size;
    },
    cancel() {
      isClosed = true;
    },
  });
  const headers = { ...(told.label === null ? {} : { 'content-type': told.label }) };
  const response = new Response(told.hasBody ? body : null, { headers });
  const heard: ServerEvent[] = [];
  try {
    for await (const event of readServerEvents(response, 'x')) heard.push(event);
  } catch (error) {
    if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
    expect(error.message.isWellFormed()).toBe(true);
  }
  expect(heard.slice(0, -1).every(({ type }) => type === 'event')).toBe(true);
  expect(JSON.parse(JSON.stringify(heard))).toEqual(heard);
  if (at < bytes.length && told.hasBody) expect(isClosed).toBe(true);
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.string({ unit: 'binary' }).map((each) => new TextEncoder().encode(each)),
);

export const texts = fuzzed('bytes are a text or none, and a text is JSON or told why not', bytes, (each) => {
  const text = decodeText(each);
  if (text === null) return;
  expect(Buffer.from(text)).toEqual(Buffer.from(each));
  for (const written of [
    text,
    JSON.stringify(text),
    `${'['.repeat(each.length * 20)}${']'.repeat(each.length * 20)}`,
  ]) {
    const { value, flaw } = parseJson(written);
    if (flaw !== null) expect(flaw.length).toBeGreaterThan(5);
    else expect(JSON.parse(written)).toEqual(value);
  }
});
