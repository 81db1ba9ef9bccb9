import { type FuzzedParser, fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import type { JsonValue } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { judgeBody } from '../src/proxy/judge-body.js';
import { proxyBounds } from '../src/proxy/proxy-bounds.js';
import { anthropicMessages } from '../src/wire/anthropic-messages.js';
import { openAiChat } from '../src/wire/openai-chat.js';
import { openAiResponses } from '../src/wire/openai-responses.js';
import type { Protocol } from '../src/wire/protocol.js';
import { claudeCodeRequest, codexRequest, openCodeRequest } from './real-requests.js';
import { strangeChats, strangeMessages, strangeResponses } from './strange-requests.js';

const protocols: readonly (readonly [Protocol, readonly JsonValue[]])[] = [
  [anthropicMessages, [claudeCodeRequest, ...strangeMessages.map(([, body]) => body)]],
  [openAiResponses, [codexRequest, ...strangeResponses.map(([, body]) => body)]],
  [openAiChat, [openCodeRequest, ...strangeChats.map(([, body]) => body)]],
];

/** By number, so that a counterexample can be read. */
function spokenBy(number: number): (typeof protocols)[number] {
  return protocols[number] ?? expect.fail('no such protocol');
}

const request = fc.oneof(
  ...protocols.map(([, samples], spoken) =>
    fc
      .record({
        text: mutatedJson(samples.map((each) => ({ model: 'm', ...Object(each) }))),
        scar: fc.option(fc.nat()),
        isTight: fc.integer({ min: 0, max: 9 }).map((each) => each === 0),
      })
      // Some break off, or lose a byte.
      .map(({ text, scar, isTight }) => ({
        spoken,
        isTight,
        text: scar === null || scar % 5 > 0 ? text : text.slice(0, scar % (text.length + 1)),
      })),
  ),
);

/** Everything that reaches a provider by a name that isn't of the text which the model reads. */
const ways = /"type":"(web_search|web_fetch|code_|container_|mcp|url|item_reference|image_generation)|"file_(id|url)":/;

let passed = 0;
const judged = fuzzed(
  'a request is refused or passes as it was judged, and harms nothing',
  request,
  (sent) => {
    const [protocol] = spokenBy(sent.spoken);
    const models = ['m', 'claude-sonnet-5-5', 'gpt-5.6-sol', 'some-model'];
    const bounds = sent.isTight ? { ...proxyBounds, requestDepth: 4, requestValues: 40 } : proxyBounds;
    const rules = { protocol, models, allow: new Set<string>(), bounds };
    for (const kind of ['count', 'model'] as const) {
      const found = judgeBody(rules, Buffer.from(sent.text), kind);
      if ('message' in found) {
        expect(found.name ?? 'none').toMatch(/^[\w.:/+?=[\]-]{1,200}$/);
        continue;
      }
      passed += 1;
      const body = JSON.stringify(protocol.prepare(found.body, 100));
      expect(JSON.parse(JSON.stringify(protocol.prepare(found.body, null)))).toHaveProperty('model');
      expect(protocol.mapRequest(JSON.parse(body)).maxOutputTokens).toBeLessThanOrEqual(100);
      expect(models).toContain(JSON.parse(body).model);
      const { tools, messages, input, system } = found.body;
      const places = withoutOwnData([tools ?? null, messages ?? null, input ?? null, system ?? null]);
      expect(JSON.stringify(places)).not.toMatch(ways);
    }
  },
  [
    { spoken: 0, isTight: true, text: `[${'1,'.repeat(50)}1]` },
    { spoken: 0, isTight: true, text: '['.repeat(9) },
  ],
);

/** Requests grown from real ones: judged without a throw, and what passes holds no way out and stays what was judged. */
export const requests: FuzzedParser = {
  name: judged.name,
  async check(options) {
    passed = 0;
    await judged.check(options);
    // Of requests that are all refused nothing would have been learnt.
    expect(passed).toBeGreaterThan(options.numRuns / 100);
  },
};

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
