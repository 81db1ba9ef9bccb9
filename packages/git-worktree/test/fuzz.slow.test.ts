import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { changes, failures, listings, names } from './fuzz-git-output.js';

const parsers = [names, changes, listings, failures];

describe('whatever comes', () => fuzzSuite(it, parsers, { numRuns: 20_000, seed: 4_711 }));
