import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { ends, streams, updates } from './fuzz-agent.js';

describe('whatever comes', () => fuzzSuite(it, [updates, streams, ends], { numRuns: 20_000, seed: 4_711 }));
