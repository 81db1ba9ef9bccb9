import type { JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createAnswerTap } from '../src/answer-tap.js';
import { anthropicMessages } from '../src/anthropic-messages.js';
import { judgeBody } from '../src/judge-body.js';
import { createKeyMask } from '../src/mask-key.js';
import { openAiChat } from '../src/openai-chat.js';
import { openAiResponses } from '../src/openai-responses.js';
import type { JsonObject, Protocol } from '../src/protocol.js';
import { proxyBounds } from '../src/proxy-bounds.js';
import { claudeCodeRequest, codexRequest, openCodeRequest } from './real-requests.js';
import { strangeChats, strangeMessages, strangeResponses } from './strange-requests.js';
import { anthropicEvents, mapEvents } from './upstream-mock.js';

const key = 'sk-real-0123456789abcdef';
const protocols: readonly (readonly [Protocol, readonly JsonValue[]])[] = [
  [anthropicMessages, [claudeCodeRequest, ...strangeMessages.map(([, body]) => body)]],
  [openAiResponses, [codexRequest, ...strangeResponses.map(([, body]) => body)]],
  [openAiChat, [openCodeRequest, ...strangeChats.map(([, body]) => body)]],
];

/** By number, so that a counterexample can be read. */
function spokenBy(number: number): (typeof protocols)[number] {
  return protocols[number] ?? expect.fail('no such protocol');
}

const odd = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, 0, -1, 1e308, 1e-320, 2 ** 53, '', '__proto__', 'data:', 'http://x', [], {}),
  fc.constantFrom<JsonValue>(...strangeMessages.map(([, body]) => body), ...strangeResponses.map(([, body]) => body)),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
);
const name = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'type', 'tools', 'content', 'source', 'model', 'n', 'stream'),
  fc.string(),
);
/** A step of a walk through a sample, and what is done where it ends. */
const mutation = fc.record({
  steps: fc.array(fc.nat(), { maxLength: 6 }),
  deed: fc.constantFrom('replace', 'add', 'drop', 'double'),
  name,
  value: odd,
});
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

/** Changes one place of a sample. Objects are lists of pairs on their way, so that a name may stand there twice. */
function mutate(value: JsonValue, { steps, deed, name: added, value: other }: Mutation): string {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const [step, ...rest] = steps;
  if (step === undefined || entries.length === 0) return JSON.stringify(deed === 'replace' ? other : value);
  const chosen = step % entries.length;
  const texts = entries.flatMap(([field, inner]: [string, JsonValue], at) => {
    const written = (text: string): string => (Array.isArray(value) ? text : `${JSON.stringify(field)}:${text}`);
    const plain = written(JSON.stringify(inner));
    if (at !== chosen) return [plain];
    if (rest.length > 0) return [written(mutate(inner, { steps: rest, deed, name: added, value: other }))];
    const named = Array.isArray(value) ? JSON.stringify(other) : `${JSON.stringify(added)}:${JSON.stringify(other)}`;
    const deeds = { replace: [written(JSON.stringify(other))], drop: [], add: [plain, named] };
    return deed === 'double' ? [plain, ...deeds.replace] : deeds[deed];
  });
  return Array.isArray(value) ? `[${texts.join(',')}]` : `{${texts.join(',')}}`;
}

const request = fc
  .record({ spoken: fc.nat({ max: protocols.length - 1 }), sample: fc.nat(), mutation, scar: fc.option(fc.nat()) })
  .map(({ spoken, sample, mutation: change, scar }) => {
    const [, samples] = spokenBy(spoken);
    const text = mutate({ model: 'm', ...(samples[sample % samples.length] as JsonObject) }, change);
    // Some break off, or lose a byte.
    return { spoken, text: scar === null || scar % 3 > 0 ? text : text.slice(0, scar % (text.length + 1)) };
  });

/** Everything that reaches a provider by a name that isn't of the text which the model reads. */
const ways = /"type":"(web_search|web_fetch|code_|container_|mcp|url|item_reference|image_generation)|"file_(id|url)":/;

/** Requests grown from real ones: judged without a throw, and what passes holds no way out and stays what was judged. */
export function fuzzRequests(runs: number, seed: number): void {
  let passed = 0;
  fc.assert(
    fc.property(request, ({ spoken, text }) => {
      const [protocol] = spokenBy(spoken);
      const rules = {
        protocol,
        models: ['m', 'claude-sonnet-5-5', 'gpt-5.6-sol', 'some-model'],
        allow: new Set<string>(),
      };
      const judged = judgeBody({ ...rules, bounds: proxyBounds }, Buffer.from(text), 'model');
      if ('message' in judged) {
        expect(judged.name ?? 'none').toMatch(/^[\w.:/+?=[\]-]{1,200}$/);
        return;
      }
      passed += 1;
      const sent = JSON.stringify(protocol.prepare(judged.body, 100));
      expect(protocol.mapRequest(JSON.parse(sent)).maxOutputTokens).toBeLessThanOrEqual(100);
      expect(rules.models).toContain(JSON.parse(sent).model);
      const { tools, messages, input, system } = judged.body;
      const places = withoutOwnData([tools ?? null, messages ?? null, input ?? null, system ?? null]);
      expect(JSON.stringify(places)).not.toMatch(ways);
    }),
    { numRuns: runs, seed },
  );
  // Of requests that are all refused nothing would have been learnt.
  expect(passed).toBeGreaterThan(runs / 100);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { x?: unknown }).x).toBeUndefined();
}

/** What the model alone reads may say what it likes: schemas, the input of tools, formats. */
function withoutOwnData(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((each: JsonValue) => withoutOwnData(each));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([field]) => !modelReads.has(field));
  return Object.fromEntries(kept.map(([field, each]: [string, JsonValue]) => [field, withoutOwnData(each)]));
}

const modelReads: ReadonlySet<string> = new Set([
  ...['input_schema', 'parameters', 'input', 'format', 'custom', 'citations', 'annotations', 'logprobs', 'action'],
  ...['actions', 'operation', 'skills', 'reasoning_details', 'thinking', 'extra_content', 'output_schema', 'arguments'],
  ...['input_examples', 'task_budget', 'pending_safety_checks', 'acknowledged_safety_checks'],
  // Its output is data in any form that the client likes.
  'output',
]);

const piece = fc.oneof(
  fc.constantFrom(
    ...mapEvents(anthropicEvents('hello')).split('\n'),
    'data:',
    ': x',
    'data: [DONE]',
    key,
    key.slice(0, 9),
  ),
  fc.constantFrom(
    ...['\n', '\r', '\r\n', '\n\n', '{"usage":', '"output_tokens":', '-1', '1e999', '"7"', '}', '[', '\\'],
  ),
  fc
    .jsonValue()
    .map((value) => `data: ${JSON.stringify({ type: 'message_delta', usage: value, choices: [value] })}\n\n`),
  fc.string(),
);

/** Answers in pieces: read without a throw, with figures that a meter can count, and without the key. */
export function fuzzAnswers(runs: number, seed: number): void {
  const mask = createKeyMask(key);
  fc.assert(
    fc.property(
      fc.nat({ max: protocols.length - 1 }),
      fc.constantFrom('events' as const, 'body' as const),
      fc.array(piece, { maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      (spoken, kind, pieces, size) => {
        const [protocol] = spokenBy(spoken);
        const whole = pieces.join('');
        const reader = protocol.createReader();
        const tap = createAnswerTap(kind, reader);
        const masked = mask.stream();
        let out = '';
        const take = (text: string): void => {
          tap.push(text);
          out += text;
        };
        for (let at = 0; at < whole.length; at += size) take(masked.push(whole.slice(at, at + size)));
        take(masked.end());
        tap.end();
        expect(out).toBe(mask.mask(whole));
        expect(out).not.toContain(key);
        const { inputTokens, cachedInputTokens, outputTokens, surchargeTokens } = reader.reading();
        for (const figure of [inputTokens, cachedInputTokens, outputTokens, surchargeTokens]) {
          if (figure !== null) expect(figure >= 0 && figure <= 3e9).toBe(true);
        }
      },
    ),
    { numRuns: runs, seed },
  );
}
