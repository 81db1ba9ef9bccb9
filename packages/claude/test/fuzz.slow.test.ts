import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { answers, failures } from './fuzz-answers.js';
import { ends, lines } from './fuzz-claude-code.js';

describe('whatever comes', () => fuzzSuite(it, [answers, failures, lines, ends], { numRuns: 20_000, seed: 4_711 }));
