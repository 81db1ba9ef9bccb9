import type { JsonValue } from '@baton/core';
import type { ReplyPart, StopReason, ToolAnswer } from '../model/model.js';

/** One line of a session's transcript. The conversation is the fold over them. */
export type TranscriptEntry =
  /** A turn begins. What the last one left open is closed. */
  | { readonly type: 'turn'; readonly prompt: string }
  /** A model answered: one step. */
  | { readonly type: 'reply'; readonly parts: readonly ReplyPart[]; readonly stop: StopReason }
  /** One call of the last reply was answered. */
  | { readonly type: 'answer'; readonly answer: ToolAnswer }
  /** Something was said to the model beside the prompt. */
  | { readonly type: 'note'; readonly text: string }
  /** Old parts were left out, until so many bytes of messages were left. */
  | { readonly type: 'trim'; readonly keepBytes: number; readonly drops: boolean }
  | { readonly type: 'turn-end' };

/** An `answer` as a line that nobody vouches for has it, or null. */
export function parseAnswer(value: JsonValue): ToolAnswer | null {
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'answer') return null;
  const { answer } = value;
  if (typeof answer !== 'object' || answer === null || !('callId' in answer)) return null;
  const { callId, output, isError } = answer;
  if (typeof callId !== 'string' || typeof output !== 'string' || typeof isError !== 'boolean') return null;
  return { callId, output, isError };
}
