/** What every asynchronous call of a contract takes as its last parameter. */
export interface CallOptions {
  /**
   * Aborting it rejects the call with `signal.reason`, unwrapped, and leaves no process, lock or timer behind.
   * An effect that had already left the machine may have happened all the same: the caller looks again.
   */
  readonly signal?: AbortSignal;
}

/** One line of `baton doctor`. */
export interface Diagnosis {
  /** What was looked at, in two or three words: `token`, `branch protection`. */
  readonly check: string;
  readonly ok: boolean;
  /** What was found, as a sentence. Never holds a secret. */
  readonly detail: string;
  /** What a person can do about it. Null where nothing needs mending. */
  readonly fix: string | null;
}

/**
 * What every adapter says about itself. Building one performs no input or output: a wrong setting is
 * reported at once, as `CONFIG_INVALID`, and everything else at the first call that needs it.
 *
 * An optional method is an optional feature: the engine looks whether it is there and does without it
 * where it isn't. There are no capability flags.
 */
export interface Adapter<Spec extends string> {
  /** The contract spoken and its version, e.g. `'issue-source/1'`. An engine refuses one it doesn't know: `SPEC_UNSUPPORTED`. */
  readonly spec: Spec;
  /** Stable kebab-case name, e.g. `'github'`. Appears in logs, errors and stored jobs. */
  readonly id: string;
  /** For `baton doctor`. Reads only; a check that can't be made is a line that isn't `ok`, not an error. */
  diagnose?(options?: CallOptions): AsyncIterable<Diagnosis>;
  /** Releases sockets, processes and timers. Safe to call twice. */
  close?(): Promise<void>;
}

/** A value that Baton understands, beside the provider's own word for it. */
export interface Mapped<Unified extends string> {
  readonly unified: Unified;
  /** Shown to people and written to logs. No decision is taken on it. */
  readonly raw: string;
}

/**
 * Where a reader left off: validators, timestamps, ids. Opaque and serialisable. The engine stores it
 * between calls and hands it back to the adapter that made it, in another process too.
 */
export type Cursor = string;
