import type { JsonValue } from '@baton/core';
import type { ModelMessage, ReplyPart } from '../model/model.js';
import { bytesOf } from '../text/bytes-of.js';
import { clipLine, clipText } from '../text/clip-text.js';

/** Messages at the end that stay as they are: two exchanges. */
const untouched = 4;
/** Shorter outputs and inputs stay: a word in their place would save nothing. */
const leastDropped = 400;
const keptOfText = 300;
/** An output is clipped to no less. */
const leastClipped = 2_000;

/**
 * The messages with old parts left out, oldest first, until they take `keepBytes` or nothing may go any more:
 * outputs of tools, then long inputs of tools, and where `drops` says so whole exchanges, of which the model's
 * words are kept to a line, and the middle of the newest outputs. What a user said, the task first of all, stays; so
 * do the newest messages but for that. Pure, so
 * that another process comes to the same.
 */
export function compactMessages(
  messages: readonly ModelMessage[],
  keepBytes: number,
  drops: boolean,
): readonly ModelMessage[] {
  let result = [...messages];
  let bytes = result.reduce((sum, message) => sum + bytesOf(message), 0);
  for (const shorten of [withoutOutputs, withoutInputs]) {
    for (let index = 0; index < result.length - untouched && bytes > keepBytes; index += 1) {
      const message = result[index];
      if (message === undefined) break;
      const shorter = shorten(message);
      bytes += bytesOf(shorter) - bytesOf(message);
      result[index] = shorter;
    }
  }
  if (!drops || bytes <= keepBytes) return result;
  result = withoutExchanges(result, bytes - keepBytes, Math.ceil(keepBytes / 8));
  if (bytesOf(result) <= keepBytes) return result;
  const most = Math.max(leastClipped, Math.floor(keepBytes / 4));
  return result.map((message) => withClippedOutputs(message, most));
}

/** Of what is new each end stays: without it the model would ask for it again. */
function withClippedOutputs(message: ModelMessage, maxCharacters: number): ModelMessage {
  if (message.role !== 'tools') return message;
  return {
    ...message,
    answers: message.answers.map((answer) => ({ ...answer, output: clipText(answer.output, maxCharacters) })),
  };
}

function withoutOutputs(message: ModelMessage): ModelMessage {
  if (message.role !== 'tools') return message;
  const answers = message.answers.map((answer) =>
    answer.output.length < leastDropped
      ? answer
      : { ...answer, output: `[${answer.output.length} characters of output, dropped to save room]` },
  );
  return { ...message, answers };
}

function withoutInputs(message: ModelMessage): ModelMessage {
  if (message.role !== 'assistant') return message;
  const parts = message.parts.map((part) =>
    part.type === 'tool-call' ? { ...part, input: withoutLongTexts(part.input) } : part,
  );
  return { ...message, parts };
}

function withoutLongTexts(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return value.length < leastDropped ? value : `[${value.length} characters, dropped to save room]`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutLongTexts);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutLongTexts(each)]));
}

/** Leaves out an assistant's message and the answers to it together: neither may stand without the other. */
function withoutExchanges(messages: readonly ModelMessage[], dropBytes: number, noteBytes: number): ModelMessage[] {
  const kept: ModelMessage[] = [];
  const words: string[] = [];
  let dropped = 0;
  let noteAt: number | null = null;
  let isDropping = false;
  for (const [index, message] of messages.entries()) {
    const isOld = index < messages.length - untouched;
    if (message.role === 'assistant') isDropping = isOld && dropped < dropBytes;
    if (message.role === 'user' || !isDropping) {
      kept.push(message);
      continue;
    }
    noteAt ??= kept.length;
    dropped += bytesOf(message);
    if (message.role === 'assistant') words.push(...message.parts.flatMap(wordsOf));
  }
  if (noteAt === null) return kept;
  const note = [
    '[Earlier steps were dropped to save room. The working tree holds what they did. What you said in them:]',
    ...lastOf(words, noteBytes),
  ].join('\n');
  return kept.toSpliced(noteAt, 0, { role: 'user', text: note });
}

function wordsOf(part: ReplyPart): readonly string[] {
  const text = part.type === 'text' ? part.text.trim().replaceAll(/\s+/g, ' ') : '';
  return text === '' ? [] : [`- ${clipLine(text, keptOfText)}`];
}

/** As many of the last lines as fit. */
function lastOf(lines: readonly string[], maxBytes: number): readonly string[] {
  let room = maxBytes;
  const first = lines.findLastIndex((line) => {
    room -= Buffer.byteLength(line);
    return room < 0;
  });
  return lines.slice(first + 1);
}
