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
  readonly entries: readonly ProtectedEntry[];
}
