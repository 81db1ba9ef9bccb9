import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { events, texts } from './fuzz-answers.js';
import { answers, longFiles } from './fuzz-tools.js';

describe('whatever comes', () => {
  fuzzSuite(it, [events, texts, answers], { numRuns: 20_000, seed: 4_711 });
  fuzzSuite(it, [longFiles], { numRuns: 300, seed: 4_711 });
});
