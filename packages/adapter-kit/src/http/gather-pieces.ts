/** Bytes as they come in, piece by piece. */
export interface GatheredPieces {
  /** How many bytes are held. */
  readonly size: number;
  /** Takes a piece up at the end. It isn't copied at once, so it must not change. */
  add(piece: Uint8Array): void;
  /** Lets go of what came first, as long as the last `kept` bytes are left: of a few pieces more than these at most. */
  dropBefore(kept: number): void;
  /** All that is held, in one. */
  whole(): Buffer;
}

/** A piece that is held alone costs some hundred bytes beside its own. */
const mostLoose = 1024;
const mostLooseBytes = 65_536;

/**
 * Gathers them so that many small ones cost no more room than their bytes: who sends a body byte by byte would
 * otherwise have it held at a hundred times its size.
 */
export function gatherPieces(): GatheredPieces {
  let blocks: Uint8Array[] = [];
  let loose: Uint8Array[] = [];
  let looseBytes = 0;
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(piece) {
      loose.push(piece);
      size += piece.length;
      looseBytes += piece.length;
      if (loose.length < mostLoose && looseBytes < mostLooseBytes) return;
      blocks.push(loose.length === 1 ? piece : Buffer.concat(loose));
      loose = [];
      looseBytes = 0;
    },
    dropBefore(kept) {
      let at = 0;
      for (const block of blocks) {
        if (size - block.length < kept) break;
        size -= block.length;
        at += 1;
      }
      if (at > 0) blocks = blocks.slice(at);
    },
    whole: () => Buffer.concat([...blocks, ...loose]),
  };
}
