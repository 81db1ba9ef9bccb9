import type { BatonError } from '@baton/core';

/** One call that a daemon makes on the world outside of its process. */
export interface Call {
  readonly port: 'store' | 'source' | 'forge' | 'workspaces' | 'agent';
  /** Whose host it is. Null: nobody's, such as the store. */
  readonly host: string | null;
  readonly method: string;
}

/** What becomes of a call. */
export type Fate =
  | 'pass'
  /** The process dies at that very line: before the call had its effect, or before its answer was heard. */
  | 'die-before'
  | 'die-after'
  /** The other side isn't reached, or its answer is lost. */
  | 'unreached'
  | 'answer-lost'
  /** What was asked reaches the other side twice. */
  | 'twice'
  /** The answer is one of a few minutes ago. */
  | 'stale'
  /** Asked late, or answered late. */
  | { readonly kind: 'late'; readonly ms: number; readonly effect: 'before' | 'after' }
  | { readonly kind: 'error'; readonly error: BatonError };

/** Something that goes wrong with the next call that it is for. */
export interface Fault {
  isFor(call: Call): boolean;
  readonly fate: Fate;
  /** For people, once it was met. */
  readonly words: (call: Call) => string;
}

/** Methods of workspaces that speak to the host. */
const remoteMethods: ReadonlySet<string> = new Set([
  'fetch',
  'readBranch',
  'claimRef',
  'releaseRef',
  'remoteHead',
  'push',
]);

/** Whether a call leaves the machine. */
export function isOnHost({ port, method }: Call): boolean {
  return port === 'source' || port === 'forge' || (port === 'workspaces' && remoteMethods.has(method));
}

const writes: ReadonlySet<string> = new Set([
  'ensurePullRequest',
  'ensureComment',
  'ensureLabels',
  'ensureAssigned',
  'push',
  'claimRef',
  'releaseRef',
]);

/** Whether a call changes something on the host. All of these are safe to repeat. */
export function isWrite(call: Call): boolean {
  return isOnHost(call) && writes.has(call.method);
}

const staleReads: ReadonlySet<string> = new Set(['poll', 'get', 'findPullRequests', 'observe']);

/** Whether a host may answer the call from an old state. */
export function isRead(call: Call): boolean {
  return isOnHost(call) && staleReads.has(call.method);
}
