import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { requests } from './fuzz-requests.js';
import { answers, bodies, headers, lines, questions } from './fuzz-upstream.js';

const parsers = [requests, answers, bodies, headers, lines, questions];

describe('whatever comes', () => fuzzSuite(it, parsers, { numRuns: 20_000, seed: 4_711 }));
