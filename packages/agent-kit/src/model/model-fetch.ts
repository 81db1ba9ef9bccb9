import { readBounded } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import { parseJson } from '../text/parse-json.js';
import { mapConnectionError } from './connection-error.js';
import { FailedAnswer } from './failed-answer.js';
import { ownHeaders } from './own-headers.js';

/** Far above what a model writes at once; a server that goes on for ever is stopped here. */
const maxAnswerBytes = 67_108_864;
const maxFailureBytes = 65_536;

/**
 * The `fetch` that the SDKs of vendors are given. It follows no redirect, which would carry the conversation to a place
 * that nobody named, sends no header but its own and the key, and holds only so much of an answer. A failure rejects
 * with a `FailedAnswer`, of which 64 KiB are read; a connection that fails with `UNAVAILABLE`; a page, and what is
 * longer than 64 MiB, with `PROTOCOL_VIOLATION`; an abort with its reason.
 */
export function createModelFetch(adapter: string, key: string | null): typeof fetch {
  return async (input, init) => {
    const request = { ...init, redirect: 'manual', headers: ownHeaders(init?.headers, key) } as const;
    try {
      const response = await fetch(input, request);
      const type = response.headers.get('content-type') ?? '';
      if (response.ok && !/\bhtml\b/.test(type)) return bound(response, adapter);
      const bytes = await readBounded(response, { limit: maxFailureBytes, keep: 'beginning' });
      const text = new TextDecoder().decode(bytes);
      if (response.ok) throw pageOf(type, text, adapter);
      const { value, flaw } = parseJson(text);
      const header = (name: string): string | null => response.headers.get(name);
      throw new FailedAnswer({ status: response.status, body: flaw === null ? value : text, header });
    } catch (error) {
      init?.signal?.throwIfAborted();
      throw error instanceof FailedAnswer ? error : mapConnectionError(error, adapter);
    }
  };
}

function pageOf(type: string, text: string, adapter: string): BatonError {
  const what = type.slice(0, 100).toWellFormed();
  return new BatonError(
    'PROTOCOL_VIOLATION',
    `The model's server answered with ${what}, which is no answer of a model.`,
    {
      details: { received: text.slice(0, 200).toWellFormed() },
      adapter,
      fix: 'Check baseUrl: something else answers there.',
    },
  );
}

/** The same answer, which fails behind so many bytes. */
function bound(response: Response, adapter: string): Response {
  let total = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      total += chunk.length;
      if (total <= maxAnswerBytes) {
        controller.enqueue(chunk);
        return;
      }
      const most = `${maxAnswerBytes} bytes`;
      const message = `The model's answer is longer than ${most}.`;
      controller.error(new BatonError('PROTOCOL_VIOLATION', message, { details: { received: most }, adapter }));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body?.pipeThrough(counted) ?? null, { status, statusText, headers });
}
