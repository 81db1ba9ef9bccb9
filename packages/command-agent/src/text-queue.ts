/** Text on its way from a program, which never waits, to a reader, who may. Bounded in total. */
export interface TextQueue {
  push(text: string): void;
  /** No more will come. */
  end(): void;
  /** All that came since the last call, as soon as there is something; null after the end. */
  take(): Promise<string | null>;
  /** How many characters came after the bound was reached and are lost. */
  readonly dropped: number;
}

/** A queue that lets so many characters through over its whole life. */
export function createTextQueue(maxCharacters: number): TextQueue {
  let waiting = '';
  let accepted = 0;
  let dropped = 0;
  let ended = false;
  let wake: () => void = () => {};
  return {
    push(text) {
      const part = text.slice(0, maxCharacters - accepted);
      accepted += part.length;
      dropped += text.length - part.length;
      waiting += part;
      if (part !== '') wake();
    },
    end() {
      ended = true;
      wake();
    },
    async take() {
      if (waiting === '' && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const text = waiting;
      waiting = '';
      return text === '' ? null : text;
    },
    get dropped() {
      return dropped;
    },
  };
}
