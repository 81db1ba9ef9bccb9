import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { events, texts } from './fuzz-answers.js';
import { answers, longFiles } from './fuzz-tools.js';

describe('whatever comes', () => {
  fuzzSuite(it, [events, texts, answers], { numRuns: 500, seed: 20_260_101 });
  fuzzSuite(it, [longFiles], { numRuns: 15, seed: 20_260_101 });
});
