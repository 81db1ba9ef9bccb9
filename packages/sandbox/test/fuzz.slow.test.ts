import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { endpoints, hellos, requests } from './fuzz-hosts.js';

describe('whatever comes', () => fuzzSuite(it, [endpoints, requests, hellos], { numRuns: 20_000, seed: 4_711 }));
