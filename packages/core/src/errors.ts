/**
 * Every way a Baton contract can be broken, and what is known when it is.
 *
 * Expected outcomes (a red gate, a refused merge, a non-zero exit) are values, not errors. The codes are
 * grouped by what the engine does next:
 *
 * - stop at start-up: `CONFIG_INVALID`, `SPEC_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED`, `STORE_UNREADABLE`
 * - park the job and tell the operator once: `AUTH_FAILED`, `PERMISSION_DENIED`, `DISK_FULL`
 * - read again and decide anew: `CONFLICT`, `NOT_FOUND`
 * - let go of the job at once: `LEASE_LOST`
 * - try again at an instant: `RATE_LIMITED`, `UNAVAILABLE`, `TIMEOUT`
 * - end the job as refused, with this message as the reason, and keep the workspace: `TOO_LARGE`, `UNREADABLE`
 * - end the job and keep the workspace: `PROTOCOL_VIOLATION`, `COMMAND_FAILED`, `INTERNAL`
 */
export interface BatonErrorDetails {
  /** A setting is missing or wrong. Raised at construction, before any input or output. */
  CONFIG_INVALID: { readonly setting: string; readonly environmentVariable?: string };
  /** The adapter speaks a contract version that this engine does not. */
  SPEC_UNSUPPORTED: { readonly found: string; readonly supported: readonly string[] };
  /** An optional method or mode was asked for and the adapter or the machine lacks it. */
  CAPABILITY_UNSUPPORTED: { readonly capability: string };
  /** Credentials are missing, expired or refused. */
  AUTH_FAILED: { readonly status?: number };
  /**
   * The credentials are good but do not reach this thing. `declined`: the deciding words of the other side, where a rule
   * of its own turned away what was sent. The same again is turned away again, until a person changes the rule or what
   * is sent; without it, whoever mends the credentials mends it.
   */
  PERMISSION_DENIED: { readonly resource: string; readonly declined?: string };
  /** The target of a write does not exist. Reads return null instead. */
  NOT_FOUND: { readonly resource: string };
  /** Someone else moved first: stale revision, rejected push. */
  CONFLICT: { readonly expected?: string; readonly actual?: string };
  /** This worker no longer owns the job. Stop at once, touch nothing more. */
  LEASE_LOST: { readonly job: string; readonly fence: number };
  /** The remote asked us to wait until `retryAt` (epoch milliseconds). */
  RATE_LIMITED: { readonly retryAt: number };
  /** Network failure or 5xx. */
  UNAVAILABLE: { readonly status?: number };
  /** A deadline of ours passed. */
  TIMEOUT: { readonly afterMs: number };
  /** The remote answered in a shape that the adapter cannot read. `received` is short and holds no secret. */
  PROTOCOL_VIOLATION: { readonly received: string };
  /** A command that had to succeed could not be run, or failed: setup of a workspace, a sandbox that won't start. */
  COMMAND_FAILED: { readonly command: string };
  /**
   * What is to be read is beyond a bound: it was not read, and trying again changes nothing. Told before the memory
   * or the time is spent. `limit` says of what there is too much: `bytes`, `files`, `bytes of a name`, `milliseconds`.
   */
  TOO_LARGE: { readonly resource: string; readonly limit: string; readonly allowed: number };
  /** Something in a workspace can't be read, so nobody may go on as if it were not there. */
  UNREADABLE: { readonly resource: string };
  /** The store can't be read or isn't ours to read: damaged, or of a newer version. Kept as it is. */
  STORE_UNREADABLE: { readonly path: string };
  /** No room left. Intake stops until there is. */
  DISK_FULL: { readonly path: string };
  /** A bug in Baton or in an adapter. */
  INTERNAL: Readonly<Record<string, unknown>>;
}

/** The word by which cases are told apart: stable, and safe to match on. */
export type BatonErrorCode = keyof BatonErrorDetails;

const brand: symbol = Symbol.for('baton.error');
const retryable: ReadonlySet<BatonErrorCode> = new Set(['RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT']);

/** What a `BatonError` is made with, beside its code and its message. */
export interface BatonErrorInit<Code extends BatonErrorCode> {
  readonly details: BatonErrorDetails[Code];
  /** `id` of the adapter that raises it. */
  readonly adapter?: string;
  /** What a person can do about it, as one imperative sentence: printed behind `fix:`. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/**
 * The one error class. Tell cases apart by `code`, never by `instanceof`: two copies of this package may be
 * installed beside one another.
 *
 * The message is a sentence that says what is wrong and where, and never holds a secret.
 */
export class BatonError<Code extends BatonErrorCode = BatonErrorCode> extends Error {
  override readonly name = 'BatonError';
  readonly code: Code;
  readonly details: BatonErrorDetails[Code];
  /** `id` of the adapter that raised it, where one did. */
  readonly adapter: string | undefined;
  /** What a person can do about it, where that is known. */
  readonly fix: string | undefined;

  constructor(code: Code, message: string, init: BatonErrorInit<Code>) {
    super(message, { cause: init.cause });
    Object.defineProperty(this, brand, { value: true });
    this.code = code;
    this.details = init.details;
    this.adapter = init.adapter;
    this.fix = init.fix;
  }

  /** Whether trying the same call again, later, may succeed. */
  get isRetryable(): boolean {
    return retryable.has(this.code);
  }

  /** Whether a caught value is a `BatonError`, of this code where one is given. Works across duplicate installs. */
  static is<Code extends BatonErrorCode>(error: unknown, code: Code): error is BatonError<Code>;
  static is(error: unknown): error is BatonError;
  static is(error: unknown, code?: BatonErrorCode): boolean {
    if (typeof error !== 'object' || error === null || !(brand in error)) return false;
    return code === undefined || ('code' in error && error.code === code);
  }
}

/** What a caught value says: the message of an error, and anything else as text. It may be of several lines. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
