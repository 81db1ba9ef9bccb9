import type { InvariantName } from '../invariants/all-invariants.js';

/** What a worker is to run: seeds from `first` on, every `every`th. */
export interface WorkerOrder {
  readonly first: number;
  readonly every: number;
  readonly last: number;
  /** The one promise that is looked for: a run goes on past others that are broken. Null: any. */
  readonly only: InvariantName | null;
}

/** What a worker tells of a seed in which a promise that is looked for was broken, or of how far it has come. */
export type WorkerNews =
  | { readonly kind: 'broken'; readonly seed: number; readonly invariant: InvariantName }
  | { readonly kind: 'done'; readonly runs: number; readonly steps: number; readonly cpuMs: number };
