import type { InvariantName } from '../invariants/all-invariants.js';

/** A bug that is put into a source file, to see that the simulator finds it. */
export interface Bug {
  readonly what: string;
  /** From the repository's root. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly was: string;
  readonly becomes: string;
  /** The promise that it breaks, by which it is found. Others may be broken before. */
  readonly breaks: InvariantName;
}

/** The source with the bug in it. Throws where it does not stand there any more exactly once. */
export function planted(source: string, { file, was, becomes }: Bug): string {
  const [before, after, ...others] = source.split(was);
  if (before === undefined || after === undefined || others.length > 0) {
    throw new Error(`${file} does not hold exactly once: ${was}`);
  }
  return `${before}${becomes}${after}`;
}

/** Where bugs are planted. */
export const engine = 'packages/engine/src';
export const memory = 'packages/memory/src';
