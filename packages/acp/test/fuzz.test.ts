import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { ends, streams, updates } from './fuzz-agent.js';

describe('whatever comes', () => fuzzSuite(it, [updates, streams, ends], { numRuns: 500, seed: 20_260_101 }));
