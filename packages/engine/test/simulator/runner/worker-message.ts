/** What a worker is to run: seeds from `first` on, every `every`th. */
export interface WorkerOrder {
  readonly first: number;
  readonly every: number;
  readonly last: number;
}

/** What a worker tells of a seed in which a promise was broken, or of how far it has come. */
export type WorkerNews =
  | { readonly kind: 'broken'; readonly seed: number; readonly invariant: string }
  | { readonly kind: 'done'; readonly runs: number; readonly steps: number; readonly cpuMs: number };
