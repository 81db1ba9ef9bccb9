import { BatonError, type JsonValue } from '@baton/core';
import { createParser } from 'eventsource-parser';
import { parseJson } from '../text/parse-json.js';
import { mapConnectionError } from './connection-error.js';

/** What is heard of an answer. */
export type ServerEvent =
  /** One event. `name` is its own, beside what the value says of itself. */
  | { readonly type: 'event'; readonly name: string | null; readonly value: JsonValue }
  /** The whole answer in place of a stream, as servers and gateways give it that don't stream, or that fail. */
  | { readonly type: 'body'; readonly value: JsonValue }
  /** `[DONE]`: the stream is whole. Nothing is read behind it. */
  | { readonly type: 'done' };

/** Far above what a model writes at once; a server that goes on for ever is stopped here. */
const maxAnswerBytes = 67_108_864;
/** The longest event holds a whole reply. */
const maxEventBytes = 8_388_608;

/**
 * Reads what a model's server answers to a request for a stream: server-sent events, or one JSON body, told apart by
 * how it begins and not by its label. Comments are passed over. An event that was cut is none. Rejects with
 * `PROTOCOL_VIOLATION` where it is a page, holds what is no JSON, or is longer than anybody needs; with `UNAVAILABLE`
 * where the connection breaks. The connection is closed when the iteration ends.
 */
export async function* readServerEvents(response: Response, adapter: string): AsyncGenerator<ServerEvent> {
  if (response.body === null) return;
  const violation = (message: string, received: string, fix?: string): BatonError =>
    new BatonError('PROTOCOL_VIOLATION', message, {
      details: { received: received.slice(0, 200).toWellFormed() },
      adapter,
      ...(fix === undefined ? {} : { fix }),
    });
  const read = (text: string): JsonValue => {
    const { value, flaw } = parseJson(text);
    if (flaw === null) return value;
    throw violation(`The model's server sent an event that is no JSON: ${flaw.replace(/\.$/, '')}.`, text);
  };
  const label = response.headers.get('content-type') ?? 'nothing';
  const unfit = (text: string): BatonError =>
    violation(
      `The model's server answered with what is no answer of a model (${label.slice(0, 100).toWellFormed()}).`,
      text,
      'Check baseUrl: something else answers there.',
    );

  let heard: { readonly name: string | null; readonly data: string }[] = [];
  let sinceEvent = 0;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      sinceEvent = 0;
      heard.push({ name: event ?? null, data });
    },
    onComment: () => {
      sinceEvent = 0;
    },
  });
  const decoder = new TextDecoder();
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  let kind: AnswerKind = 'unknown';
  /** Of a body, all; of a stream, what stands before its first character. */
  let text = '';
  let total = 0;
  try {
    for (let isOver = false; !isOver; ) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw mapConnectionError(error, adapter);
      });
      isOver = done;
      total += value?.length ?? 0;
      sinceEvent += value?.length ?? 0;
      const most = kind === 'stream' ? maxAnswerBytes : maxEventBytes;
      if (total > most) throw violation(`The model's answer is longer than ${most} bytes.`, `${most} bytes`);
      const more = done ? decoder.decode() : decoder.decode(value, { stream: true });
      if (kind !== 'stream') text += more;
      if (kind === 'unknown') {
        text = text.trimStart();
        kind = kindOf(text.charAt(0));
      }
      if (kind === 'unknown' || kind === 'body') continue;
      if (kind === 'page') throw unfit(text);
      parser.feed(text === '' ? more : text);
      text = '';
      // The blank line behind the last event is left out by some.
      if (done) parser.feed('\n\n');
      if (sinceEvent > maxEventBytes) {
        throw violation(
          `An event of the model's answer is longer than ${maxEventBytes} bytes.`,
          `${maxEventBytes} bytes`,
        );
      }
      for (const { name, data } of heard) {
        if (data.trim() === '[DONE]') return yield { type: 'done' };
        // What stands at the very end without its blank line may be cut anywhere.
        if (done && parseJson(data).flaw !== null) return;
        if (data.trim() !== '') yield { type: 'event', name, value: read(data) };
      }
      heard = [];
    }
    if (kind !== 'body') return;
    const body = parseJson(text);
    if (body.flaw !== null) throw unfit(text);
    yield { type: 'body', value: body.value };
  } finally {
    await reader.cancel().catch(() => {});
  }
}

type AnswerKind = 'unknown' | 'stream' | 'body' | 'page';

/** By the first character that isn't blank. */
function kindOf(first: string): AnswerKind {
  if (first === '') return 'unknown';
  if (first === '{' || first === '[') return 'body';
  return first === '<' ? 'page' : 'stream';
}
