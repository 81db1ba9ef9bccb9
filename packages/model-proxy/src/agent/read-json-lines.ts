import type { JsonValue } from '@baton/core';
import { parseAgentLine } from './parse-agent-line.js';

/** A line that could be read, or the beginning of one that couldn't. */
export type JsonLine =
  | { readonly type: 'line'; readonly value: JsonValue }
  | { readonly type: 'noise'; readonly text: string };

const noiseCharacters = 500;

/**
 * Reads JSON lines to the end of a stream. `take` says whether more is wanted, and is waited for. Ends early when it
 * isn't, or when `cut` aborts; rejects as the stream does.
 */
export async function readJsonLines(
  stream: ReadableStream<Uint8Array>,
  cut: AbortSignal,
  take: (line: JsonLine) => Promise<boolean>,
): Promise<void> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {});
  cut.addEventListener('abort', cancel, { once: true });
  if (cut.aborted) cancel();
  const decoder = new TextDecoder();
  let parts: string[] = [];
  const push = async (text: string): Promise<boolean> => {
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    for (const [index, line] of lines.entries()) {
      const whole = index === 0 ? parts.join('') + line : line;
      if (index === 0) parts = [];
      if (whole.trim() !== '' && !(await take(mapLine(whole)))) return false;
    }
    parts.push(last);
    return true;
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!(await push(decoder.decode(value, { stream: true })))) {
        cancel();
        return;
      }
    }
    await push(`${decoder.decode()}\n`);
  } finally {
    cut.removeEventListener('abort', cancel);
    reader.releaseLock();
  }
}

function mapLine(text: string): JsonLine {
  const parsed = parseAgentLine(text);
  return parsed === null
    ? { type: 'noise', text: text.slice(0, noiseCharacters).toWellFormed() }
    : { type: 'line', value: parsed.value };
}
