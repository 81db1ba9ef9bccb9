import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { gatherPieces, readBounded } from '../../src/index.js';

/** Node's own, which is there only once it was asked for. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe('a body that comes byte by byte', () => {
  it.for(['all', 'end'] as const)('is held at about its size (%s)', async (keep) => {
    const length = 200_000;
    let sent = 0;
    let held = Number.POSITIVE_INFINITY;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          if (sent === length) {
            collectGarbage();
            held = process.memoryUsage().heapUsed - before;
            return controller.close();
          }
          controller.enqueue(Uint8Array.of(sent % 256));
          sent += 1;
        },
      },
      { highWaterMark: 0 },
    );
    const bytes = await readBounded(new Response(body), { limit: length, keep });
    expect(bytes).toEqual(Buffer.from(Array.from({ length }, (_each, index) => index % 256)));
    expect(held).toBeLessThan(8_000_000);
  });

  it('keeps its end where no more is asked for', async () => {
    const pieces = gatherPieces();
    for (let index = 0; index < 5_000; index += 1) {
      pieces.add(Uint8Array.of(index % 256));
      pieces.dropBefore(1_500);
    }
    const bytes = pieces.whole();
    expect(pieces.size).toBe(bytes.length);
    expect(bytes.length).toBeGreaterThanOrEqual(1_500);
    expect(bytes.length).toBeLessThan(3_000);
    expect(bytes.subarray(-1_500)).toEqual(
      Buffer.from(Array.from({ length: 1_500 }, (_each, index) => (3_500 + index) % 256)),
    );
  });
});
