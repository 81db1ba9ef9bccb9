import type { CallUsage, ReplyPart, StopReason } from '@baton/agent-kit';
import { BatonError, type JsonValue, type Mapped } from '@baton/core';
import { z } from 'zod';
import { type CallIds, createCallIds } from './call-ids.js';
import { type ChatOpaque, reasoningFields } from './chat-messages.js';
import { createStreamFailure } from './map-error.js';
import type { ReplyReader, ReplyReaderOptions } from './responses-reply.js';
import { parseToolArguments } from './tool-arguments.js';
import { readWrittenCalls } from './written-calls.js';

const tokens = z.number().int().nonnegative().nullish().catch(null);
const text = z.string().nullish().catch(null);

const callDelta = z.looseObject({
  index: z.number().nullish().catch(null),
  id: text,
  function: z
    .looseObject({ name: text, arguments: z.json().nullish().catch(null) })
    .nullish()
    .catch(null),
});

const chunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z
          .looseObject({
            content: text,
            refusal: text,
            reasoning_content: text,
            reasoning: text,
            tool_calls: z.array(callDelta).nullish().catch(null),
          })
          .nullish()
          .catch(null),
        finish_reason: text,
      }),
    )
    .nullish()
    .catch(null),
  usage: z
    .looseObject({
      prompt_tokens: tokens,
      prompt_tokens_details: z.looseObject({ cached_tokens: tokens }).nullish().catch(null),
      /** DeepSeek's. */
      prompt_cache_hit_tokens: tokens,
      completion_tokens: tokens,
    })
    .nullish()
    .catch(null),
});

/** A call as it comes together. */
interface OpenCall {
  readonly index: number | null;
  id: string;
  name: string;
  /** Text, piece by piece; some servers send the object itself. */
  arguments: JsonValue;
}

/** Reads the chunks of Chat Completions, and what compatible servers make of them. */
export function createChatReply({ adapter, model, request, onDelta }: ReplyReaderOptions): ReplyReader {
  let content = '';
  let refusal = '';
  let reasoning: { readonly field: ChatOpaque['field']; readonly text: string } | null = null;
  let finish: string | null = null;
  let usage: z.infer<typeof chunk>['usage'] = null;
  const calls: OpenCall[] = [];

  return {
    take(value) {
      const parsed = chunk.safeParse(value);
      if (!parsed.success) return;
      // Of several, as some send one with each chunk, the last tells the whole.
      usage = parsed.data.usage ?? usage;
      const choice = parsed.data.choices?.[0];
      if (choice === undefined) return;
      finish = choice.finish_reason ?? finish;
      if (finish === 'error') throw createStreamFailure(choice['error']);
      const { delta } = choice;
      if (!delta) return;
      const field = reasoningFields.find((each) => delta[each]);
      if (field !== undefined) {
        const more = delta[field] ?? '';
        reasoning = { field, text: (reasoning?.text ?? '') + more };
        onDelta?.({ type: 'reasoning-delta', text: more });
      }
      const said = (delta.content ?? '') + (delta.refusal ?? '');
      content += delta.content ?? '';
      refusal += delta.refusal ?? '';
      if (said !== '') onDelta?.({ type: 'text-delta', text: said });
      for (const each of delta.tool_calls ?? []) addCall(calls, each);
    },
    end() {
      if (finish === null || finish === 'insufficient_system_resource') {
        const message = `The model's answer was cut${finish === null ? '' : ` (${finish})`}.`;
        throw new BatonError('UNAVAILABLE', message, { details: {}, adapter });
      }
      const offered = new Set(request.tools.map((tool) => tool.name));
      const answer = withoutThoughts(content) + refusal;
      const written = calls.length === 0 ? readWrittenCalls(answer, offered) : null;
      const ids = createCallIds(request.messages);
      const made = written === null ? calls : written.calls.map((call) => ({ id: '', name: call.tool, ...call }));
      const words = written?.text ?? answer;
      const parts: readonly ReplyPart[] = [
        ...(reasoning === null ? [] : [mapReasoning({ api: 'chat', model, ...reasoning })]),
        ...(words === '' ? [] : [{ type: 'text' as const, text: words }]),
        ...made.map((call) => mapCall(call, ids)),
      ];
      return { parts, stop: mapStop(finish, made.length > 0, refusal !== ''), usage: mapUsage(usage) };
    },
  };
}

/** Pieces of one call bear its index; some servers give none, or 0 to all of several whole calls. */
function addCall(calls: OpenCall[], delta: z.infer<typeof callDelta>): void {
  const { id, index } = delta;
  const name = delta.function?.name ?? '';
  const more = delta.function?.arguments ?? '';
  const isOther = (call: OpenCall): boolean => Boolean(id) && call.id !== '' && call.id !== id && name !== '';
  const known =
    index === null || index === undefined
      ? calls.findLast((call) => (id ? call.id === id : name === ''))
      : calls.findLast((call) => call.index === index && !isOther(call));
  if (known === undefined) {
    calls.push({ index: index ?? null, id: id ?? '', name, arguments: more });
    return;
  }
  known.id ||= id ?? '';
  known.name ||= name;
  known.arguments = typeof known.arguments === 'string' && typeof more === 'string' ? known.arguments + more : more;
}

function mapReasoning(data: ChatOpaque): ReplyPart {
  return { type: 'opaque', data };
}

function mapCall(call: Omit<OpenCall, 'index'>, ids: CallIds): ReplyPart {
  const callId = ids.take(call.id || null);
  if (call.name === '') {
    return { type: 'tool-call', callId, tool: 'unknown', input: null, flaw: 'The call names no tool.' };
  }
  const given = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
  return { type: 'tool-call', callId, tool: call.name, ...parseToolArguments(given) };
}

/** Without what a model thought aloud first, where its server doesn't tell it apart. */
function withoutThoughts(answer: string): string {
  return answer.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, '');
}

const stops: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  length: 'length',
  content_filter: 'refused',
};

function mapStop(raw: string, hasCalls: boolean, isRefusal: boolean): Mapped<StopReason> {
  if (isRefusal) return { unified: 'refused', raw: 'refusal' };
  if (hasCalls && raw !== 'length') return { unified: 'tool-calls', raw };
  return { unified: stops[raw] ?? 'unknown', raw };
}

function mapUsage(usage: z.infer<typeof chunk>['usage']): CallUsage {
  return {
    inputTokens: usage?.prompt_tokens ?? null,
    cachedInputTokens: usage?.prompt_tokens_details?.cached_tokens ?? usage?.prompt_cache_hit_tokens ?? null,
    outputTokens: usage?.completion_tokens ?? null,
  };
}
