import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { parsers } from './fuzz-parsers.js';

describe('whatever comes', () => fuzzSuite(it, parsers, { numRuns: 600, seed: 20_260_101 }));
