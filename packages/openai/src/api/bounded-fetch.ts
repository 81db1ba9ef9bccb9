import { ownHeaders } from '@baton/agent-kit';
import { BatonError } from '@baton/core';

/** Far above what a model writes at once; a server that goes on for ever is stopped here. */
const maxAnswerBytes = 67_108_864;
const maxErrorBytes = 65_536;

/**
 * `fetch` that follows no redirect, which would carry the conversation to a place that nobody named, sends no header
 * but its own and the key, and holds only so much of an answer. A page is `PROTOCOL_VIOLATION`.
 */
export function createBoundedFetch(key: string | null): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual', headers: ownHeaders(init?.headers, key) });
    if (!response.ok) return withBody(response, cutAt(maxErrorBytes));
    const type = response.headers.get('content-type') ?? '';
    if (/\bhtml\b/.test(type)) {
      const text = await withBody(response, cutAt(maxErrorBytes)).text();
      throw new BatonError(
        'PROTOCOL_VIOLATION',
        `The model's server answered with ${type}, which is no answer of a model.`,
        {
          details: { received: text.slice(0, 200).toWellFormed() },
          fix: 'Check baseUrl: it ends before /responses and /chat/completions.',
        },
      );
    }
    return withBody(response, failAt(maxAnswerBytes));
  };
}

type ByteTransform = TransformStream<Uint8Array, Uint8Array>;

/** Ends quietly behind so many bytes. */
function cutAt(maxBytes: number): ByteTransform {
  let left = maxBytes;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.terminate();
    },
  });
}

/** Fails behind so many bytes. */
function failAt(maxTotal: number): ByteTransform {
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.length;
      if (total <= maxTotal) {
        controller.enqueue(chunk);
        return;
      }
      const most = `${maxTotal} bytes`;
      const message = `The model's answer is longer than ${most}.`;
      controller.error(new BatonError('PROTOCOL_VIOLATION', message, { details: { received: most } }));
    },
  });
}

function withBody(response: Response, transform: ByteTransform): Response {
  const { status, statusText, headers } = response;
  return new Response(response.body?.pipeThrough(transform) ?? null, { status, statusText, headers });
}
