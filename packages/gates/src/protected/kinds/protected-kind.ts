/** Files of one tool or ecosystem. */
export interface ProtectedEntry {
  /** Whose they are, e.g. `Python`. */
  readonly of: string;
  /**
   * Patterns of picomatch, dot files included, in small letters: they are compared with `canonicalPath`. One that
   * begins with `=` is compared with the path as it is, letter by letter.
   */
  readonly paths: readonly string[];
}

/** Files that can steer the same thing. */
export interface ProtectedKind {
  /** What they are, and why a change of them is more than a change of code. Ends the sentence `It changes …`. */
  readonly what: string;
  /**
   * Whether a change of them can turn a check of the operator's green. `by-file`: yes, and what it does is seen once
   * they are as the base has them. `by-setup`: yes, but what is installed goes with them, so that the base's files
   * beside the change's code show nothing. `no`: other things are steered by them.
   */
  readonly steersChecks: 'by-file' | 'by-setup' | 'no';
  readonly entries: readonly ProtectedEntry[];
}
