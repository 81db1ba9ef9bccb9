import type { TestFunction } from '../contract.js';

/** That a case needs what a real host, or these accounts on it, can't give. Its message completes "needs …". */
export class NeedsMore extends Error {
  override readonly name = 'NeedsMore';
}

/** Skips what needs more than there is, with the reason, and runs the rest. */
export function whereThereIsEnough(test: TestFunction): TestFunction {
  return (name, body) =>
    test(name, async (context) => {
      let missing: NeedsMore;
      try {
        return await body(context);
      } catch (error) {
        if (!(error instanceof NeedsMore)) throw error;
        missing = error;
      }
      context.skip(`needs ${missing.message}`);
    });
}
