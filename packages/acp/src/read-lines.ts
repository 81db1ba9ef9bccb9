/** A reader of lines. */
export interface LineReader {
  next(): Promise<{ readonly done: boolean; readonly value: string }>;
  /** Ends the stream; whoever waits for a line hears of its end. */
  return(): Promise<void>;
}

/**
 * The lines of a stream that are not blank, without their ends. Rejects as the stream does. Reads no further than it is
 * asked for.
 */
export function readLines(stream: ReadableStream<Uint8Array>): LineReader {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  // Taken from an iterator: to take the first of a long array moves all the others.
  let ready: Iterator<string> = [].values();
  let parts: string[] = [];
  let ended = false;

  const push = (text: string): void => {
    const end = text.lastIndexOf('\n');
    if (end !== -1) {
      const whole = [...parts, text.slice(0, end)].join('');
      ready = whole
        .split('\n')
        .filter((line) => line.trim() !== '')
        .values();
      parts = [];
    }
    parts.push(text.slice(end + 1));
  };

  return {
    async next() {
      for (;;) {
        const line = ready.next();
        if (line.done !== true) return { done: false, value: line.value };
        if (ended) return { done: true, value: '' };
        const { done, value } = await reader.read();
        push(done ? `${decoder.decode()}\n` : decoder.decode(value, { stream: true }));
        ended = done;
      }
    },
    return: () => reader.cancel().catch(() => {}),
  };
}
