import { BatonError } from '@baton/core';

/** How much a program may print. */
export interface LineLimit {
  readonly maxLineBytes: number;
  readonly maxTotalBytes: number;
}

const newline = 10;

/** Lets output through as it comes; a line, or all of it, that is too long is an error of the stream: `PROTOCOL_VIOLATION`. */
export function createLineLimit(bounds: LineLimit): TransformStream<Uint8Array, Uint8Array> {
  let line = 0;
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.length;
      const first = chunk.indexOf(newline);
      const longest = line + (first === -1 ? chunk.length : first);
      line = first === -1 ? longest : chunk.length - 1 - chunk.lastIndexOf(newline);
      const flaw =
        longest > bounds.maxLineBytes
          ? `a line of more than ${bounds.maxLineBytes} bytes`
          : total > bounds.maxTotalBytes
            ? `more than ${bounds.maxTotalBytes} bytes`
            : null;
      if (flaw === null) controller.enqueue(chunk);
      else {
        const message = `The agent printed ${flaw}.`;
        controller.error(new BatonError('PROTOCOL_VIOLATION', message, { details: { received: flaw } }));
      }
    },
  });
}
