import type { ReplyDelta } from './model.js';

/** What is heard of a reply, on its way from a model, which never waits, to a reader, who may. */
export interface DeltaQueue {
  push(delta: ReplyDelta): void;
  /** No more will come. */
  end(): void;
  /** All that came since the last call, equal neighbours in one, as soon as there is something; null after the end. */
  take(): Promise<readonly ReplyDelta[] | null>;
  /** Whether anything came, empty texts included. */
  readonly begun: boolean;
  /** Whether any text came that isn't reasoning. */
  readonly heardText: boolean;
}

/** An empty queue. */
export function createDeltaQueue(): DeltaQueue {
  let waiting: ReplyDelta[] = [];
  let ended = false;
  let begun = false;
  let heardText = false;
  let wake: () => void = () => {};
  return {
    push(delta) {
      begun = true;
      if (delta.text === '') return;
      heardText ||= delta.type === 'text-delta';
      const last = waiting.at(-1);
      if (last?.type === delta.type) waiting[waiting.length - 1] = { ...last, text: last.text + delta.text };
      else waiting.push(delta);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async take() {
      if (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const taken = waiting;
      waiting = [];
      return taken.length === 0 ? null : taken;
    },
    get begun() {
      return begun;
    },
    get heardText() {
      return heardText;
    },
  };
}
