import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { endpoints, hellos, requests } from './fuzz-hosts.js';

describe('whatever comes', () => fuzzSuite(it, [endpoints, requests, hellos], { numRuns: 1_000, seed: 20_260_101 }));
