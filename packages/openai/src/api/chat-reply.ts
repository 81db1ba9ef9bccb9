import {
  type CallUsage,
  createCallIds,
  createReplyBounds,
  FailedAnswer,
  type ReplyPart,
  type StopReason,
  untoldUsage,
} from '@baton/agent-kit';
import { BatonError, type Mapped } from '@baton/core';
import { readChatUsage } from '@baton/model-proxy';
import { addCall, isWhole, mapCall, type OpenCall, openCall } from './chat-calls.js';
import { type ChatPiece, chatChunk, readContent, readUnknown, type UnknownFields } from './chat-chunk.js';
import { type ChatOpaque, reasoningFields } from './chat-messages.js';
import { fitId, type ReplyReader, type ReplyReaderOptions } from './responses-reply.js';
import { readWrittenCalls } from './written-calls.js';

type Reasoning = Extract<ChatOpaque, { readonly field: string }>;

/** Reads the chunks of Chat Completions, and what compatible servers make of them. */
export function createChatReply(options: ReplyReaderOptions): ReplyReader {
  const { adapter, model, request, onDelta, onUsage } = options;
  let content = '';
  let refusal = '';
  let reasoning: Pick<Reasoning, 'field' | 'text'> | null = null;
  let fields: UnknownFields = {};
  const details: UnknownFields[string][] = [];
  let finish: string | null = null;
  let usage: CallUsage | null = null;
  let whole: ChatPiece | null = null;
  let isBegun = false;
  const calls: OpenCall[] = [];
  const bounds = createReplyBounds(adapter);

  const hear = (piece: ChatPiece): void => {
    const { said, thought } = readContent(piece);
    const field = thought === '' ? reasoningFields.find((each) => each !== 'thinking' && piece[each]) : 'thinking';
    if (field !== undefined) {
      const more = field === 'thinking' ? thought : (piece[field] ?? '');
      bounds.addText(more);
      reasoning = { field, text: (reasoning?.text ?? '') + more };
      onDelta?.({ type: 'reasoning-delta', text: more });
    }
    content += said;
    refusal += piece.refusal ?? '';
    const words = said + (piece.refusal ?? '');
    bounds.addText(words);
    if (words !== '') onDelta?.({ type: 'text-delta', text: words });
    for (const each of piece.tool_calls ?? []) addCall(calls, each, bounds);
    const { reasoning_details: more, ...other } = readFields(piece);
    fields = { ...fields, ...other };
    for (const each of Array.isArray(more) ? more : []) {
      bounds.addText(JSON.stringify(each));
      details.push(each);
    }
  };

  const isComplete = (): boolean => (calls.length > 0 ? calls.every(isWhole) : content.trim() !== '' || refusal !== '');

  return {
    take(value) {
      const parsed = chatChunk.safeParse(value);
      if (!parsed.success) return;
      usage = readChatUsage(value) ?? usage;
      const choice = parsed.data.choices?.[0];
      finish = choice?.finish_reason ?? finish;
      if (usage) {
        // While the answer goes on, it isn't the last word on what it comes to.
        const isLast = choice === undefined || finish !== null;
        onUsage?.(isLast ? usage : { ...usage, outputTokens: null });
      }
      if (choice === undefined) return;
      if (finish === 'error') throw FailedAnswer.inside(choice.error ?? null);
      if (!isBegun) onDelta?.({ type: 'text-delta', text: '' });
      isBegun = true;
      whole = choice.message ?? whole;
      if (choice.delta) hear(choice.delta);
    },
    takeBody(value) {
      const parsed = chatChunk.safeParse(value);
      if (!parsed.success || !parsed.data.choices?.[0]?.message) return false;
      this.take(value);
      return true;
    },
    end(isMarked) {
      if (whole !== null) hear(withoutHeard(whole, content + refusal !== '', calls.length > 0, reasoning !== null));
      if (finish === 'insufficient_system_resource' || (finish === null && !(isMarked && isComplete()))) {
        const message = `The model's answer was cut${finish === null ? '' : ` (${finish})`}.`;
        throw new BatonError('UNAVAILABLE', message, { details: {}, adapter });
      }
      const offered = new Set(request.tools.map((tool) => tool.name));
      const answer = withoutThoughts(content) + refusal;
      const written = calls.length === 0 ? readWrittenCalls(answer, offered) : null;
      const ids = createCallIds(request.messages, fitId);
      for (const _ of written?.calls ?? []) bounds.addPart();
      const made =
        written === null ? calls : written.calls.map((call) => openCall(null, '', call.tool, call.arguments));
      const words = written?.text ?? answer;
      const opaque = (data: ChatOpaque): ReplyPart => ({ type: 'opaque', data });
      const kept = details.length === 0 ? fields : { ...fields, reasoning_details: details };
      const parts: readonly ReplyPart[] = [
        ...(reasoning === null ? [] : [opaque({ api: 'chat', model, ...reasoning })]),
        ...(Object.keys(kept).length === 0 ? [] : [opaque({ api: 'chat', model, type: 'message', fields: kept })]),
        ...(words === '' ? [] : [{ type: 'text' as const, text: words }]),
        ...made.flatMap((call) => {
          const { unknown } = call;
          const isKept = Object.keys(unknown.call).length + Object.keys(unknown.function).length > 0;
          return [...(isKept ? [opaque({ api: 'chat', model, type: 'call', ...unknown })] : []), mapCall(call, ids)];
        }),
      ];
      return { parts, stop: mapStop(finish ?? 'none', made.length > 0, refusal !== ''), usage: usage ?? untoldUsage };
    },
  };
}

/** A message that came whole behind its pieces says again what they said. */
function withoutHeard(message: ChatPiece, hasWords: boolean, hasCalls: boolean, hasReasoning: boolean): ChatPiece {
  return {
    ...message,
    ...(hasWords ? { content: null, refusal: null } : {}),
    ...(hasCalls ? { tool_calls: null } : {}),
    ...(hasReasoning ? { reasoning: null, reasoning_content: null } : {}),
  };
}

/** What has to come back with a message as a whole: OpenRouter's reasoning, in pieces, and Gemini's signatures. */
function readFields(piece: ChatPiece): UnknownFields {
  return readUnknown({ reasoning_details: piece['reasoning_details'], extra_content: piece['extra_content'] }, []);
}

/** Without what a model thought aloud first, where its server doesn't tell it apart. */
function withoutThoughts(answer: string): string {
  return answer.replace(/^\s*<think>[\s\S]*?<\/think>\s*/, '');
}

const stops: ReadonlyMap<string, StopReason> = new Map([
  ['stop', 'end'],
  ['length', 'length'],
  ['content_filter', 'refused'],
  ['model_context_window_exceeded', 'overflow'],
  // Nothing was named, and all is there.
  ['none', 'end'],
]);

function mapStop(raw: string, hasCalls: boolean, isRefusal: boolean): Mapped<StopReason> {
  if (isRefusal) return { unified: 'refused', raw: 'refusal' };
  if (hasCalls && raw !== 'length') return { unified: 'tool-calls', raw };
  return { unified: stops.get(raw) ?? 'unknown', raw };
}
