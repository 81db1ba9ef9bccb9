import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { costlyParsers, parsers } from './fuzz-parsers.js';

describe('whatever comes', () => {
  fuzzSuite(it, parsers, { numRuns: 1_000, seed: 20_260_101 });
  fuzzSuite(it, costlyParsers, { numRuns: 1_000, seed: 20_260_101 });
});
