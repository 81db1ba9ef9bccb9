/** Asks for a task by a key. Rejects where the task failed; resolves at once where one of that key runs already. */
export type Rerun = (key: string) => Promise<void>;

/**
 * Runs the task once at a time for each key. What is asked for while it runs may have come too late for what it
 * looked at: then it runs again, until it has run a whole time after the last that was asked.
 */
export function createRerun(task: (key: string) => Promise<void>): Rerun {
  const asked = new Set<string>();
  const running = new Set<string>();
  return async (key) => {
    asked.add(key);
    if (running.has(key)) return;
    running.add(key);
    try {
      // Between the last look at what was asked and the end nothing is awaited, so that nobody can ask in between.
      while (asked.delete(key)) await task(key);
    } finally {
      running.delete(key);
    }
  };
}
