import type { JsonValue } from '@baton/core';
import type { JsonObject } from './json-object.js';

/**
 * What may stand at one place of a request. It is an allow list: what isn't in it is refused, whatever a provider
 * may come to make of it.
 */
export type Shape =
  /** Any JSON: read by the model alone, as the words that it stands among are. */
  | { readonly kind: 'data' }
  | { readonly kind: 'text' }
  | { readonly kind: 'number' }
  /** A number of tokens or the like. More of them than any model knows is no number of tokens. */
  | { readonly kind: 'count' }
  | { readonly kind: 'truth' }
  /** Content that comes along, in base64 or as an address of `data:`. Every other address is fetched by somebody. */
  | { readonly kind: 'own-content' }
  | { readonly kind: 'one-of'; readonly values: readonly (string | number | boolean)[] }
  /** It may be null, or an empty list, but say nothing. */
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'list'; readonly each: Shape }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Shape>; readonly never: Reasons }
  /** An object whose field `type` tells which. `untyped`: what it is without one; null: it has to have one. */
  | {
      readonly kind: 'typed';
      readonly kinds: ReadonlyMap<string, Shape>;
      readonly untyped: string | null;
      readonly never: Reasons;
    }
  /** The first that is for this kind of JSON: text, a list, an object. */
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] };

/** Why some names will not do, by the beginning of the name. All others just aren't known. */
export type Reasons = Readonly<Record<string, string>>;

/** Fields that are let through for one reason. */
export interface Allowed {
  readonly why: string;
  readonly fields: Readonly<Record<string, Shape>>;
}

/** Something in a request that isn't let through. */
export interface Stranger {
  /** Its place, as settings name it too: `tools[].type=web_search`. */
  readonly name: string;
  readonly why: string;
}

export const data: Shape = { kind: 'data' };
export const text: Shape = { kind: 'text' };
export const number: Shape = { kind: 'number' };
export const count: Shape = { kind: 'count' };
export const truth: Shape = { kind: 'truth' };
export const ownContent: Shape = { kind: 'own-content' };

/** One of these values. */
export function oneOf(...values: readonly (string | number | boolean)[]): Shape {
  return { kind: 'one-of', values };
}

/** It may be there, but say nothing. */
export function nothing(why: string): Shape {
  return { kind: 'nothing', why };
}

/** A list of these. */
export function list(each: Shape): Shape {
  return { kind: 'list', each };
}

/** The first that is for this kind of JSON. */
export function either(...shapes: readonly Shape[]): Shape {
  return { kind: 'either', shapes };
}

/** An object of these fields and no others. */
export function object(fields: Readonly<Record<string, Shape>>, never: Reasons = {}): Shape {
  return { kind: 'object', fields: new Map(Object.entries(fields)), never };
}

/** An object of fields that are let through for several reasons. */
export function allowed(groups: readonly Allowed[], never: Reasons = {}): Shape {
  return object(Object.fromEntries(groups.flatMap(({ fields }) => Object.entries(fields))), never);
}

/** An object that its `type` tells, which is one of its fields. */
export function typed(
  kinds: Readonly<Record<string, Readonly<Record<string, Shape>>>>,
  { untyped = null, never = {} }: { readonly untyped?: string | null; readonly never?: Reasons } = {},
): Shape {
  const shapes = Object.entries(kinds).map(([type, fields]) => [type, object({ type: text, ...fields })] as const);
  return { kind: 'typed', kinds: new Map(shapes), untyped, never };
}

/** The most that a count may be. */
export const mostTokens = 10_000_000;

const ownPattern = /^(?:data:|[A-Za-z0-9+/=_\s-]*$)/;
const unknown = 'It is not among what a job may ask of its model.';

/** The first place of a request that isn't let through, but for those whose names are allowed on top. */
export function findStranger(shape: Shape, value: JsonValue, allow: ReadonlySet<string>): Stranger | null {
  return judge(shape, value, null, allow);
}

/** Where something stands, innermost first. Written out only where something is refused. */
interface Place {
  readonly outer: Place | null;
  readonly step: string;
}

function judge(shape: Shape, value: JsonValue, place: Place | null, allow: ReadonlySet<string>): Stranger | null {
  const refuse = (step: string, why = unknown): Stranger | null => {
    const name = nameOf(place) + step;
    return allow.has(name) ? null : { name, why };
  };
  /** No name allows it: what limits are kept by is read from it. */
  const misfit = (why: string): Stranger => ({ name: nameOf(place) || 'body', why });
  switch (shape.kind) {
    case 'data':
      return null;
    case 'text':
      return typeof value === 'string' ? null : misfit('It has to be a text.');
    case 'number':
      return Number.isFinite(value) ? null : misfit('It has to be a number.');
    case 'count': {
      const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostTokens;
      return isCount ? null : misfit(`It has to be a whole number from 0 to ${mostTokens}.`);
    }
    case 'truth':
      return typeof value === 'boolean' ? null : misfit('It has to be true or false.');
    case 'own-content': {
      if (typeof value === 'string' && ownPattern.test(value)) return null;
      return refuse('', 'Content by address or by id is fetched by the provider; send it in the request.');
    }
    case 'one-of':
      if (shape.values.some((each) => each === value)) return null;
      return refuse(typeof value === 'object' ? '' : `=${spell(String(value))}`);
    case 'nothing':
      return Array.isArray(value) && value.length === 0 ? null : refuse('', shape.why);
    case 'list': {
      if (!Array.isArray(value)) return misfit('It has to be a list.');
      const inner = { outer: place, step: '[]' };
      return first(value as readonly JsonValue[], (each) => judge(shape.each, each, inner, allow));
    }
    case 'either': {
      const fitting = shape.shapes.find((each) => isFor(each, value));
      return fitting === undefined ? refuse('') : judge(fitting, value, place, allow);
    }
    case 'object':
      if (!isObject(value)) return misfit('It has to be an object.');
      return first(Object.entries(value), ([key, each]) => {
        const field = shape.fields.get(key);
        const step = place === null ? spell(key) : `.${spell(key)}`;
        if (field === undefined) return refuse(step, reason(shape.never, key));
        // What is null is not said, and so asks for nothing.
        return each === null ? null : judge(field, each, { outer: place, step }, allow);
      });
    case 'typed': {
      if (!isObject(value)) return misfit('It has to be an object.');
      const type = value['type'] ?? shape.untyped;
      if (typeof type !== 'string') return misfit('It has to say of which type it is.');
      const known = shape.kinds.get(type);
      return known === undefined
        ? refuse(`.type=${spell(type)}`, reason(shape.never, type))
        : judge(known, value, place, allow);
    }
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFor({ kind }: Shape, value: JsonValue): boolean {
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'object' || kind === 'typed') return isObject(value);
  return typeof value !== 'object';
}

function first<Each>(all: readonly Each[], look: (each: Each) => Stranger | null): Stranger | null {
  for (const each of all) {
    const found = look(each);
    if (found !== null) return found;
  }
  return null;
}

function reason(never: Reasons, name: string): string {
  return Object.entries(never).find(([beginning]) => name.startsWith(beginning))?.[1] ?? unknown;
}

function nameOf(place: Place | null): string {
  return place === null ? '' : nameOf(place.outer) + place.step;
}

/** An agent chose it, and people will read it: a name, without anything that a text could begin to mean. */
export function spell(name: string): string {
  return name === '' ? '?' : name.slice(0, 60).replace(/[^\w.:/+=-]/g, '?');
}
