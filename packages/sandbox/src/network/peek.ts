import type { Duplex } from 'node:stream';

/**
 * Shows a stream's first bytes, again with each piece that comes, until they were judged; all of them can then
 * be read as if nobody had looked. Null where the stream ended before. Nobody else may read meanwhile.
 */
export function peek<Judgement extends object>(
  stream: Duplex,
  judge: (bytes: Buffer) => Judgement | null,
): Promise<Judgement | null> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const finish = (judgement: Judgement | null): void => {
      stream.off('readable', look).off('end', end).off('close', end);
      if (judgement !== null && bytes.length > 0) stream.unshift(bytes);
      resolve(judgement);
    };
    const end = (): void => finish(null);
    const look = (): void => {
      for (let piece: Buffer | null = stream.read(); piece !== null; piece = stream.read()) {
        bytes = Buffer.concat([bytes, piece]);
        const judgement = judge(bytes);
        if (judgement === null) continue;
        finish(judgement);
        return;
      }
    };
    if (stream.destroyed || stream.readableEnded) return resolve(null);
    stream.on('readable', look).on('end', end).on('close', end);
  });
}
