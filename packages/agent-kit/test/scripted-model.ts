import { BatonError } from '@baton/core';
import type { CallUsage, ModelClient, ModelReply, ModelRequest, ReplyPart, StopReason } from '../src/index.js';

/** What a scripted model does at one call. */
export type ScriptedReply = ModelReply | Error | ((request: ModelRequest, signal?: AbortSignal) => Promise<ModelReply>);

/** A model whose replies are written down. A call beyond them is a mistake of the test. */
export interface ScriptedModel extends ModelClient {
  readonly requests: readonly ModelRequest[];
}

export const used: CallUsage = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 };

export function createScriptedModel(replies: Iterable<ScriptedReply>): ScriptedModel {
  const left = replies[Symbol.iterator]();
  const requests: ModelRequest[] = [];
  return {
    model: 'scripted',
    requests,
    async call(request, { signal, onDelta }) {
      signal?.throwIfAborted();
      requests.push(request);
      const next = left.next();
      if (next.done) throw new Error('The model was asked once too often.');
      if (next.value instanceof Error) {
        if (next.value.message.includes('after it had begun')) onDelta?.({ type: 'text-delta', text: 'I th' });
        throw next.value;
      }
      return typeof next.value === 'function' ? next.value(request, signal) : next.value;
    },
  };
}

export function say(text: string, stop: StopReason = 'end', usage: CallUsage = used): ModelReply {
  const parts: ReplyPart[] = text === '' ? [] : [{ type: 'text', text }];
  return { parts, stop: { unified: stop, raw: `raw ${stop}` }, usage };
}

let calls = 0;

export function call(tool: string, input: object, usage: CallUsage = used): ModelReply {
  calls += 1;
  return {
    parts: [
      { type: 'text', text: `I use ${tool}.` },
      { type: 'tool-call', callId: `call-${calls}`, tool, input: JSON.parse(JSON.stringify(input)), flaw: null },
    ],
    stop: { unified: 'tool-calls', raw: 'tool_use' },
    usage,
  };
}

export const run = (command: string): ModelReply => call('run_command', { command });

export const unavailable = (words = 'Overloaded.'): BatonError => new BatonError('UNAVAILABLE', words, { details: {} });
