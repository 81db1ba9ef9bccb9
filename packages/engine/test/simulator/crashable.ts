import { BatonError } from '@baton/core';

/**
 * What becomes of a call: it goes through; its process dies before or after its effect, or stands still for a
 * while first; or the other side can't be reached, or its answer is lost.
 */
export type Fate = 'pass' | 'die-before' | 'die-after' | 'freeze' | 'unreached' | 'answer-lost';

/** Asked at every call that one process makes on the world. */
export interface Fates {
  /** Whether the process is dead: none of its calls is answered any more. */
  isDead(): boolean;
  next(method: string): Fate;
  /** Called once, when the process dies. */
  die(): void;
  /** Resolves when a frozen process goes on. */
  thaw(): Promise<void>;
}

type Method = (...args: unknown[]) => unknown;

/** A fresh promise each time: a shared one would keep every dead process's calls. */
const forever = (): Promise<never> => new Promise(() => {});

/** Methods that only build an object and do nothing on the outside. */
const pure: ReadonlySet<string> = new Set(['next', 'return', 'throw']);

/**
 * The same object as one process sees it: every call asks for its fate, and so do the calls on what they
 * return (workspaces, sessions, memberships). A dead process's calls are never answered, as after `kill -9`
 * at that very line.
 */
export function crashable<Target extends object>(target: Target, fates: Fates): Target {
  return new Proxy(target, {
    get(object, property) {
      const value: unknown = Reflect.get(object, property, object);
      if (typeof value !== 'function') return value;
      const method: Method = value.bind(object);
      if (typeof property === 'symbol' || pure.has(property)) return alive(method, fates);
      return call(property, method, fates);
    },
  });
}

/** Iterators and disposers: no fate of their own, but nothing once the process is dead. */
function alive(method: Method, fates: Fates): Method {
  return (...args) => {
    if (fates.isDead()) return forever();
    const result = method(...args);
    return isObject(result) && !(result instanceof Promise) ? crashable(result, fates) : result;
  };
}

function call(name: string, method: Method, fates: Fates): Method {
  return (...args) => {
    if (fates.isDead()) return forever();
    const result = isIterated(name) ? method(...args) : answered(name, () => method(...args), fates);
    return isObject(result) && !(result instanceof Promise) ? crashable(result, fates) : result;
  };
}

/** These hand out an iterable at once; their fate comes with what they read. */
function isIterated(name: string): boolean {
  return name === 'list' || name === 'journal' || name === 'run';
}

async function answered(name: string, effect: () => unknown, fates: Fates): Promise<unknown> {
  const fate = fates.next(name);
  if (fate === 'die-before') {
    fates.die();
    return forever();
  }
  if (fate === 'unreached') throw unavailable(name);
  if (fate === 'freeze') await fates.thaw();
  let result: unknown;
  try {
    result = await effect();
  } finally {
    if (fate === 'die-after') fates.die();
    if (fates.isDead()) await forever();
  }
  if (fate === 'answer-lost') throw unavailable(name);
  return isObject(result) ? crashable(result, fates) : result;
}

function unavailable(name: string): BatonError<'UNAVAILABLE'> {
  return new BatonError('UNAVAILABLE', `The host did not answer ${name}.`, { details: { status: 502 } });
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
