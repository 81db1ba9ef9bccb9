/** A reader of lines. */
export interface LineReader {
  next(): Promise<{ readonly done: boolean; readonly value: string }>;
  /** Ends the stream; whoever waits for a line hears of its end. */
  return(): Promise<void>;
}

/** The lines of a stream, without their ends. Rejects as the stream does. Reads no further than it is asked for. */
export function readLines(stream: ReadableStream<Uint8Array>): LineReader {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let ready: string[] = [];
  let parts: string[] = [];
  let ended = false;

  const push = (text: string): void => {
    const found = text.split('\n');
    const last = found.pop() ?? '';
    const [first, ...more] = found;
    if (first !== undefined) {
      ready = [[...parts, first].join(''), ...more];
      parts = [];
    }
    if (last !== '') parts.push(last);
  };

  return {
    async next() {
      while (ready.length === 0 && !ended) {
        const { done, value } = await reader.read();
        push(done ? `${decoder.decode()}\n` : decoder.decode(value, { stream: true }));
        ended = done;
      }
      const value = ready.shift();
      return value === undefined ? { done: true, value: '' } : { done: false, value };
    },
    return: () => reader.cancel().catch(() => {}),
  };
}
