import { createManualClock } from '@baton/conformance';
import type { JsonValue } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type CallMeter, createCallMeter } from '../src/proxy/call-meter.js';
import { judgeBody } from '../src/proxy/judge-body.js';
import { proxyBounds } from '../src/proxy/proxy-bounds.js';
import { createRefusalLog, type RefusalLog } from '../src/proxy/refusal-log.js';
import { createUsageTap } from '../src/proxy/usage-tap.js';
import { anthropicMessages } from '../src/wire/anthropic-messages.js';
import { createKeyMask, type KeyMask } from '../src/wire/mask-key.js';
import { openAiChat } from '../src/wire/openai-chat.js';
import { openAiResponses } from '../src/wire/openai-responses.js';
import type { AnswerReader, Protocol } from '../src/wire/protocol.js';
import { data, findStranger, type Shape } from '../src/wire/shape.js';
import { realKey, unlimited } from './open-channel.js';
import { strangeChats, strangeMessages, strangeResponses } from './strange-requests.js';

/** A defence, without which what it is for must be seen to fail: a test that holds for its mutant holds for nothing. */
function defence<Part>(
  what: string,
  parts: { sound: Part; mutants: Readonly<Record<string, Part>> },
  holds: (part: Part) => boolean,
) {
  describe(what, () => {
    it('holds', () => expect(holds(parts.sound)).toBe(true));
    it.each(Object.entries(parts.mutants))('falls where it is %s', (_, mutant) => expect(holds(mutant)).toBe(false));
  });
}

/** The same list with one thing let go of, everywhere in it. */
function loosen(shape: Shape, looser: (shape: Shape) => Shape): Shape {
  const deep = (inner: Shape): Shape => loosen(inner, looser);
  const each = (shapes: ReadonlyMap<string, Shape>): ReadonlyMap<string, Shape> =>
    new Map(Array.from(shapes, ([name, inner]) => [name, deep(inner)]));
  switch (shape.kind) {
    case 'list':
      return looser({ ...shape, each: deep(shape.each) });
    case 'either':
      return looser({ ...shape, shapes: shape.shapes.map(deep) });
    case 'object':
      return looser({ ...shape, fields: each(shape.fields) });
    case 'typed':
      return looser({ ...shape, kinds: each(shape.kinds) });
    default:
      return looser(shape);
  }
}

const without =
  (kind: Shape['kind']): ((protocol: Protocol) => Shape) =>
  ({ request }) =>
    loosen(request, (shape) => (shape.kind === kind ? data : shape));

const strange: readonly (readonly [Protocol, JsonValue])[] = [
  ...strangeMessages.map(([, body]) => [anthropicMessages, body] as const),
  ...strangeResponses.map(([, body]) => [openAiResponses, body] as const),
  ...strangeChats.map(([, body]) => [openAiChat, body] as const),
];

defence<(protocol: Protocol) => Shape>(
  'the list of what a request may hold',
  {
    sound: ({ request }) => request,
    mutants: {
      'no list': () => data,
      'a list of fields that knows no types': without('typed'),
      'one that lets any address be content': without('own-content'),
      'one that lets any value stand': without('one-of'),
      'one that lets be said what has to be nothing': without('nothing'),
    },
  },
  (shapeOf) => strange.every(([protocol, body]) => findStranger(shapeOf(protocol), body, new Set()) !== null),
);

defence(
  'the bounds of a text',
  {
    sound: proxyBounds,
    mutants: {
      'without depth': { ...proxyBounds, requestDepth: Number.POSITIVE_INFINITY },
      'without a number of values': { ...proxyBounds, requestValues: Number.POSITIVE_INFINITY },
    },
  },
  (bounds) =>
    [`${'['.repeat(200)}${']'.repeat(200)}`, `[${'0,'.repeat(250_001)}0]`].every((metadata) => {
      const rules = { protocol: openAiResponses, models: null, allow: new Set<string>(), bounds };
      return 'message' in judgeBody(rules, Buffer.from(`{"model":"m","metadata":${metadata}}`), 'model');
    }),
);

const pieceByPiece = (mask: KeyMask, text: string): string => {
  const stream = mask.stream();
  return [...text].map((piece) => stream.push(piece)).join('') + stream.end();
};
const mask = createKeyMask(realKey);

defence<KeyMask>(
  'the mask of the key',
  {
    sound: mask,
    mutants: {
      'not there': createKeyMask(null),
      'of whole pieces alone': { ...mask, stream: () => ({ push: mask.mask, end: () => '' }) },
      'forgetful of what it held back': { ...mask, stream: () => ({ ...mask.stream(), end: () => '' }) },
    },
  },
  (each) => pieceByPiece(each, `a ${realKey} b ${realKey.slice(0, 5)}`) === `a [key] b ${realKey.slice(0, 5)}`,
);

const createSound = (): CallMeter =>
  createCallMeter({
    limits: { ...unlimited, maxTokens: 10_000 },
    clock: createManualClock(),
    price: () => null,
    listener: {},
  });
/** A meter that settles in another way. */
const createMutant =
  (
    settle: (
      settleSoundly: (reading: Parameters<SettleSoundly>[0]) => void,
      reading: Parameters<SettleSoundly>[0],
    ) => void,
  ) =>
  (): CallMeter => {
    const meter = createSound();
    return {
      get usage() {
        return meter.usage;
      },
      get passed() {
        return meter.passed;
      },
      admit(call) {
        const admitted = meter.admit(call);
        if (typeof admitted === 'string') return admitted;
        return { ...admitted, settle: (reading) => settle(admitted.settle, reading) };
      },
    };
  };
type SettleSoundly = Exclude<ReturnType<CallMeter['admit']>, string>['settle'];

defence<() => CallMeter>(
  'the charge for what is not known',
  {
    sound: createSound,
    mutants: {
      none: createMutant((settle) => settle(null)),
      'what was told so far': createMutant((settle, reading) => settle(reading && { ...reading, complete: true })),
      'never settled': createMutant(() => {}),
    },
  },
  (create) => {
    const meter = create();
    const call = { kind: 'model', model: 'm', maxOutputTokens: 3_000, minOutputTokens: 1, bytes: 300 } as const;
    const told = { inputTokens: 100, cachedInputTokens: 0, surchargeTokens: 0, outputTokens: 1, complete: false };
    for (let calls = 0; calls < 100; calls++) {
      const admitted = meter.admit(call);
      if (typeof admitted !== 'string') admitted.settle({ ...told, stop: null, failure: null });
    }
    const { inputTokens, outputTokens } = meter.usage;
    return meter.passed === 'max tokens' && (inputTokens ?? 0) + (outputTokens ?? 0) > 9_000;
  },
);

defence<() => RefusalLog>(
  'the record of what was refused',
  {
    sound: createRefusalLog,
    mutants: {
      'without a bound': () => {
        const counts = new Map<string, number>();
        const add = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
        return { add, list: () => Array.from(counts, ([what, count]) => ({ what, count })) };
      },
      'silent about the rest': () => {
        const log = createRefusalLog();
        return { add: log.add, list: () => log.list().slice(0, 20) };
      },
    },
  },
  (create) => {
    const log = create();
    for (let index = 0; index < 1000; index++) log.add(`name-${index}`);
    return log.list().length <= 50 && log.list().reduce((sum, { count }) => sum + count, 0) === 1000;
  },
);

const figures = '{"type":"message","usage":{"input_tokens":1,"output_tokens":2}}';
defence<(reader: AnswerReader) => { push(text: string): void; end(): void }>(
  'reading along',
  {
    sound: (reader) => createUsageTap('events', reader),
    mutants: {
      'of whole pieces alone': (reader) => ({
        push: (text) => {
          const tap = createUsageTap('events', reader);
          tap.push(text);
          tap.end();
        },
        end: () => {},
      }),
      'of a body alone': (reader) => createUsageTap('body', reader),
    },
  },
  (create) =>
    ['\n', '\r', '\r\n'].every((newline) => {
      const reader = anthropicMessages.createReader();
      const tap = create(reader);
      for (const piece of `: ping${newline}${newline}data: ${figures}${newline}${newline}`) tap.push(piece);
      tap.end();
      return reader.reading().outputTokens === 2;
    }),
);
