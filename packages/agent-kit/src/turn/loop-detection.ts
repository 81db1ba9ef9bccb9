import type { ToolCall } from '../conversation/conversation.js';

/** What is to be made of a call. */
type Repetition = 'fresh' | 'told' | 'over';

/** Notices a model that goes round in circles. Of one turn. */
export interface RepeatWatch {
  /** A call is about to be carried out. `told`: the model should hear of it. `over`: it heard, and goes on. */
  observe(call: ToolCall, changesThings: boolean): Repetition;
  /** The calls of a step were answered. */
  observeStep(allFailed: boolean): Repetition;
}

const toldAtCalls = 3;
const overAtCalls = 5;
const toldAtFailures = 6;
const overAtFailures = 10;

/**
 * Counts equal calls since something new was done: running the tests after every edit is no repetition, the
 * same edit again and again is. And counts steps in a row in which every call failed.
 */
export function createRepeatWatch(): RepeatWatch {
  let counts = new Map<string, number>();
  const done = new Set<string>();
  let failures = 0;
  return {
    observe({ tool, input }, changesThings) {
      const key = JSON.stringify([tool, input]);
      if (changesThings && !done.has(key)) {
        done.add(key);
        counts = new Map();
      }
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count >= overAtCalls) return 'over';
      return count === toldAtCalls ? 'told' : 'fresh';
    },
    observeStep(allFailed) {
      failures = allFailed ? failures + 1 : 0;
      if (failures >= overAtFailures) return 'over';
      return failures === toldAtFailures ? 'told' : 'fresh';
    },
  };
}
