import type { AgentEvent, JsonValue } from '@baton/core';
import { z } from 'zod';

const text = z.string().nullish().catch(null);

const content = z.looseObject({ type: text, text }).nullish().catch(null);

/** Of a tool call and of an update to one, https://agentclientprotocol.com/protocol/v1/tool-calls. What it doesn't say holds on. */
const toolCall = z.looseObject({
  toolCallId: z.string().min(1).max(256),
  name: text,
  kind: text,
  title: text,
  status: text,
  rawInput: z.json().nullish().catch(null),
  rawOutput: z.json().nullish().catch(null),
  content: z
    .array(z.looseObject({ content, type: text, path: text, newText: text }))
    .nullish()
    .catch(null),
});

const update = z.looseObject({ sessionUpdate: z.string(), content: z.unknown().optional() });

/** What is known of a call so far, clipped: a turn can have many that never end. */
interface KnownCall {
  readonly tool: string;
  readonly title: string;
  readonly input: JsonValue;
  readonly output: JsonValue;
  /** `silent`: not told yet, since its input may still come. */
  readonly state: 'silent' | 'told' | 'over';
}

/** Reads the updates of one turn. */
export interface UpdateReader {
  /** The events that an update, or the call that permission is asked for, comes to. */
  map(value: JsonValue): readonly AgentEvent[];
  mapPermission(value: JsonValue): readonly AgentEvent[];
  mapNoise(text: string): readonly AgentEvent[];
  /** Calls of which the input was still awaited. */
  flush(): readonly AgentEvent[];
  /** The end of what the agent said since its last call. At most 8,000 characters. */
  readonly closingWords: string;
}

const valueCharacters = 16_384;
const otherCharacters = 2_000;
const keptWords = 8_000;
/** How many updates that mean nothing here are told, of a turn. */
const toldOthers = 50;
/** How many calls a turn may make. More are a flood and aren't told. */
const mostCalls = 10_000;

/** A reader at the beginning of a turn. */
export function createUpdateReader(): UpdateReader {
  const calls = new Map<string, KnownCall>();
  let words = '';
  let others = 0;

  const tell = (callId: string, call: KnownCall): AgentEvent => {
    words = '';
    calls.set(callId, { ...call, state: 'told' });
    const { tool, title, input } = call;
    return { type: 'tool-call', callId, tool, input: isEmpty(input) ? bound({ title }, valueCharacters) : input };
  };

  const mapCall = (value: unknown, asked: boolean): readonly AgentEvent[] => {
    const parsed = toolCall.safeParse(value);
    if (!parsed.success) return [];
    const found = parsed.data;
    const callId = found.toolCallId;
    const before = calls.get(callId);
    if (before?.state === 'over' || (before === undefined && calls.size >= mostCalls)) return [];
    const call: KnownCall = {
      tool: found.name ?? before?.tool ?? found.kind ?? 'other',
      title: found.title ?? before?.title ?? '',
      input: isEmpty(found.rawInput) ? (before?.input ?? null) : bound(found.rawInput ?? null, valueCharacters),
      output: bound(found.rawOutput ?? mapContent(found.content ?? []), valueCharacters) ?? before?.output ?? null,
      state: before?.state ?? 'silent',
    };
    calls.set(callId, call);
    const isOver = found.status === 'completed' || found.status === 'failed';
    const events: AgentEvent[] = [];
    if (call.state === 'silent' && (isOver || asked || found.status === 'in_progress')) events.push(tell(callId, call));
    if (isOver) {
      calls.set(callId, { ...call, input: null, output: null, state: 'over' });
      events.push({ type: 'tool-result', callId, output: call.output, isError: found.status === 'failed' });
    }
    return events;
  };

  return {
    map(value) {
      const parsed = update.safeParse(value);
      const kind = parsed.success ? parsed.data.sessionUpdate : '';
      switch (kind) {
        case 'agent_message_chunk': {
          const said = readText(parsed.data?.content);
          words = (words + said).slice(-keptWords);
          return said === '' ? [] : [{ type: 'text-delta', text: said }];
        }
        case 'agent_thought_chunk': {
          const thought = readText(parsed.data?.content);
          return thought === '' ? [] : [{ type: 'reasoning-delta', text: thought }];
        }
        case 'tool_call':
        case 'tool_call_update': {
          const events = mapCall(value, false);
          // That a call gets on is a sign of life.
          return events.length > 0 ? events : [{ type: 'provider-event', value: { sessionUpdate: kind } }];
        }
        default:
          return mapOther(value);
      }
    },
    mapPermission: (value) => mapCall(value, true),
    mapNoise: (noise) => mapOther({ noise }),
    flush: () => [...calls].flatMap(([callId, call]) => (call.state === 'silent' ? [tell(callId, call)] : [])),
    get closingWords() {
      return words.toWellFormed();
    },
  };

  function mapOther(value: JsonValue): readonly AgentEvent[] {
    others += 1;
    return others > toldOthers ? [] : [{ type: 'provider-event', value: bound(value, otherCharacters) }];
  }
}

function readText(value: unknown): string {
  const parsed = content.parse(value);
  return parsed?.type === 'text' ? (parsed.text ?? '') : '';
}

/** What a call shows of its result, where it doesn't tell it as data. */
function mapContent(parts: NonNullable<z.infer<typeof toolCall>['content']>): JsonValue {
  const texts = parts.flatMap((part) => part.content?.text ?? (part.type === 'diff' ? (part.path ?? []) : []));
  return texts.length === 0 ? null : texts.join('\n');
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** The value, or where it is too long the beginning of it as text. */
function bound(value: JsonValue, maxCharacters: number): JsonValue {
  const whole = JSON.stringify(value);
  return whole.length <= maxCharacters ? value : { clipped: whole.slice(0, maxCharacters).toWellFormed() };
}
