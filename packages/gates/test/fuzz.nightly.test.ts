import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { costlyParsers, parsers } from './fuzz-parsers.js';

describe('whatever comes', () => {
  fuzzSuite(it, parsers, { numRuns: 100_000, seed: 4_711 });
  fuzzSuite(it, costlyParsers, { numRuns: 10_000, seed: 4_711 });
});
