import { BatonError } from '@baton/core';
import type { Call, Fate } from './fate.js';

/** The process that makes calls. */
export interface Caller {
  /** Whether it is dead: none of its calls is answered any more. */
  isDead(): boolean;
  /** Resolves once it is not frozen. */
  going(): Promise<void> | null;
  /** Asked at every call. */
  next(call: Call): Fate;
  die(): void;
  sleep(milliseconds: number): Promise<void>;
  /** An answer of some minutes ago to the same question. Absent: there is none. */
  recall(call: Call, args: readonly unknown[]): { readonly answer: unknown } | undefined;
  /** At which step of the world it is. */
  step(): number;
  /** `begunAt`: at which step it was asked. */
  answered(call: Call, args: readonly unknown[], answer: unknown, begunAt: number): void;
}

type Method = (...args: unknown[]) => unknown;
type Place = Pick<Call, 'port' | 'host'>;

/** A fresh promise each time: a shared one would keep every dead process's calls. */
const forever = (): Promise<never> => new Promise(() => {});

/** Methods that only build an object and do nothing on the outside. */
const pure: ReadonlySet<string> = new Set(['next', 'return', 'throw']);
/** These tell what was heard before, and reach nobody. */
const remembered: ReadonlySet<string> = new Set(['quotas']);
/** These hand out an iterable at once; their fate comes with what they read. */
const iterated: ReadonlySet<string> = new Set(['list', 'journal', 'run']);

/**
 * The same object as one process sees it: every call asks for its fate, and so do the calls on what they
 * return (workspaces, sessions, memberships). A dead process's calls are never answered, as after `kill -9`
 * at that very line.
 */
export function asSeenBy<Target extends object>(target: Target, caller: Caller, place: Place): Target {
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property, object);
      if (typeof value !== 'function') return value;
      const method: Method = value.bind(object);
      if (typeof property === 'string' && remembered.has(property)) return method;
      if (typeof property === 'symbol' || pure.has(property)) return alive(method, caller, place);
      return reached({ ...place, method: property }, method, caller);
    },
  });
}

/** Iterators and disposers: no fate of their own, but nothing once the process is dead. */
function alive(method: Method, caller: Caller, place: Place): Method {
  return (...args) => {
    if (caller.isDead()) return forever();
    const result = method(...args);
    return isObject(result) && !(result instanceof Promise) ? asSeenBy(result, caller, place) : result;
  };
}

function reached(call: Call, method: Method, caller: Caller): Method {
  return (...args) => {
    if (caller.isDead()) return forever();
    const result = iterated.has(call.method) ? method(...args) : answer(call, method, args, caller);
    return isObject(result) && !(result instanceof Promise) ? asSeenBy(result, caller, call) : result;
  };
}

async function answer(call: Call, method: Method, args: readonly unknown[], caller: Caller): Promise<unknown> {
  const fate = caller.next(call);
  const begunAt = caller.step();
  // What happened at this very instant may have ended it.
  if (caller.isDead()) return forever();
  if (fate === 'die-before') {
    caller.die();
    return forever();
  }
  if (fate === 'unreached') throw unavailable(call);
  const frozen = caller.going();
  if (frozen !== null) await frozen;
  if (caller.isDead()) return forever();
  if (typeof fate === 'object') {
    if (fate.kind === 'error') throw fate.error;
    if (fate.effect === 'after') await caller.sleep(fate.ms);
    if (caller.isDead()) return forever();
  }
  if (fate === 'stale') {
    const old = caller.recall(call, args);
    if (old) return old.answer;
  }
  let result: unknown;
  try {
    if (fate === 'twice') await method(...args);
    result = await method(...args);
    caller.answered(call, args, result, begunAt);
    if (typeof fate === 'object' && fate.kind === 'late' && fate.effect === 'before') await caller.sleep(fate.ms);
  } finally {
    if (fate === 'die-after') caller.die();
    if (caller.isDead()) await forever();
    const stopped = caller.going();
    if (stopped !== null) await stopped;
    if (caller.isDead()) await forever();
  }
  if (fate === 'answer-lost') throw unavailable(call);
  return isObject(result) ? asSeenBy(result, caller, call) : result;
}

function unavailable({ method }: Call): BatonError<'UNAVAILABLE'> {
  return new BatonError('UNAVAILABLE', `The other side did not answer ${method}.`, { details: { status: 502 } });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && hasMethods(value);
}

/** Plain data is handed through as it is. */
function hasMethods(value: object): boolean {
  return (
    Object.values(value).some((each) => typeof each === 'function') ||
    Symbol.asyncDispose in value ||
    Symbol.asyncIterator in value
  );
}
