/** Bytes as they come in, piece by piece. */
export interface GatheredPieces {
  /** How many bytes are held. */
  readonly size: number;
  add(piece: Uint8Array): void;
  /** Lets go of blocks at the beginning, as long as `kept` bytes are left. */
  dropBefore(kept: number): void;
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
