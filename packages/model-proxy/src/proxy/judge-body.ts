import type { JsonValue } from '@baton/core';
import type { JsonObject } from '../wire/json-object.js';
import { JsonFlaw, parseJson } from '../wire/parse-json.js';
import type { CallKind, CallRequest, Protocol } from '../wire/protocol.js';
import { findStranger, spell } from '../wire/shape.js';
import type { ProxyBounds } from './proxy-bounds.js';

/** Why a call is not passed on. */
export interface Refusal {
  readonly status: number;
  /** For the agent: what is wrong. */
  readonly message: string;
  /** What it asked for, by the name that settings and evidence have for it. Null: nothing that it should not. */
  readonly name: string | null;
}

/** A call that may be made, as far as its body tells. */
export interface JudgedCall {
  readonly kind: CallKind;
  readonly body: JsonObject;
  readonly request: CallRequest;
}

/** What bodies are judged by. */
export interface BodyRules {
  readonly protocol: Protocol;
  readonly models: readonly string[] | null;
  readonly allow: ReadonlySet<string>;
  readonly bounds: ProxyBounds;
}

const flaws: Readonly<Record<JsonFlaw['kind'], (bounds: ProxyBounds) => string>> = {
  deep: ({ requestDepth }) => `A request may nest at most ${requestDepth} deep.`,
  many: ({ requestValues }) => `A request may hold at most ${requestValues} values.`,
  malformed: () => 'The request is no JSON.',
};

/** Whether a request holds nothing but what a job may ask for. */
export function judgeBody(rules: BodyRules, bytes: Buffer, kind: CallKind): Refusal | JudgedCall {
  const { protocol, models, allow, bounds } = rules;
  let body: JsonValue;
  try {
    body = parseJson(bytes.toString('utf8'), { depth: bounds.requestDepth, values: bounds.requestValues });
  } catch (error) {
    if (!(error instanceof JsonFlaw)) throw error;
    return { status: 400, message: flaws[error.kind](bounds), name: error.kind === 'malformed' ? null : error.kind };
  }
  const stranger = findStranger(protocol.request, body, allow);
  if (stranger !== null) {
    return { status: 400, message: `${stranger.name} is not let through. ${stranger.why}`, name: stranger.name };
  }
  // It has the shape, and so is an object.
  const judged = body as JsonObject;
  if (typeof judged['model'] !== 'string') return { status: 400, message: 'The request names no model.', name: null };
  const request = protocol.mapRequest(judged);
  if (models !== null && !models.includes(request.model)) {
    const name = spell(request.model);
    const message = `The model ${name} is not among those that this job may use.`;
    return { status: 403, message, name: `model=${name}` };
  }
  return { kind, body: judged, request };
}
