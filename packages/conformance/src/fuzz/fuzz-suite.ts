import fc from 'fast-check';
import type { TestFunction } from '../contract.js';

/** A parser, and whatever it may meet. */
export interface FuzzedParser {
  /** The sentence that its test proves, such as `a report is read or told why not`. */
  readonly name: string;
  readonly check: (options: FuzzOptions) => Promise<void>;
}

/** How much is tried. */
export interface FuzzOptions {
  /** Inputs for each parser. */
  readonly numRuns: number;
  /** The same seed makes the same inputs, whatever the machine. */
  readonly seed: number;
}

/** More of the processor than this for one input is a hang. What other processes take doesn't count. */
const mostCpuMs = 1_000;

/**
 * Throws inputs at a parser. `judge` takes one, and throws or rejects where the parser doesn't keep what it promises. Beside
 * that none may take over a second of the processor, and no prototype may be changed by it. Those of the `corpus`, default
 * none, come first whatever the seed: what is met too seldom to be left to chance.
 */
export function fuzzed<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  judge: (input: Input) => void | Promise<void>,
  corpus: readonly Input[] = [],
): FuzzedParser {
  return {
    name,
    async check({ numRuns, seed }) {
      const before = ownNames();
      const property = fc.asyncProperty(input, async (each) => {
        const start = process.threadCpuUsage();
        await judge(each);
        const { user, system } = process.threadCpuUsage(start);
        if (user + system > mostCpuMs * 1_000)
          throw new Error(`It took ${(user + system) / 1_000} ms of the processor.`);
        if (ownNames() !== before) throw new Error(`A prototype was changed: ${ownNames()}`);
      });
      await fc.assert(property, { numRuns, seed, examples: corpus.map((each): [Input] => [each]) });
    },
  };
}

function ownNames(): string {
  return [Object.prototype, Array.prototype, Function.prototype]
    .map((each) => Object.getOwnPropertyNames(each).join())
    .join();
}

/** A test for each parser. */
export function fuzzSuite(test: TestFunction, parsers: readonly FuzzedParser[], options: FuzzOptions): void {
  for (const { name, check } of parsers) test(name, () => check(options));
}
