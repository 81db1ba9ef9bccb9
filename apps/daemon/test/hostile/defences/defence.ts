import type { Place, Promised } from '../row.js';

/** Exports of a module that others take the place of, as `with-sources.ts` is told. */
export interface Removal {
  /** From the repository's root. */
  readonly module: string;
  /** By name, the expression that is exported in its place; in it `was` is what stood there. */
  readonly exports: Readonly<Record<string, string>>;
}

/** How the tests take a defence away, and what falls then. */
export interface Proof {
  readonly exports: (place: Place) => Readonly<Record<string, string>>;
  /** What else stands in the row's way, and goes too. */
  readonly beside?: readonly Removal[];
  /** A row that names this defence. */
  readonly row: string;
  /** What of it breaks at least. */
  readonly breaks: readonly Promised[];
  /** `off` where the sandbox would hold the row by itself. */
  readonly mode?: 'off';
}

/** Something that stands in the way of attacks. */
export interface Defence {
  /** For people. */
  readonly what: string;
  /** The file that holds it, from the repository's root. Null: nothing of Baton's does. */
  readonly module: string | null;
  /** Or why there is nothing to take away. */
  readonly proof: Proof | string;
}

/** A defence, and what stands beside it, as the daemon's sources are told. Null where there is nothing to take away. */
export function removalsOf(defence: Defence, place: Place): readonly Removal[] | null {
  const { module, proof } = defence;
  if (module === null || typeof proof === 'string') return null;
  return [{ module, exports: proof.exports(place) }, ...(proof.beside ?? [])];
}
