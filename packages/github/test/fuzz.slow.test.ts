import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { failures, issues, people, pulls, texts } from './fuzz-answers.js';

const parsers = [pulls, issues, texts, failures, people];

describe('whatever comes', () => fuzzSuite(it, parsers, { numRuns: 20_000, seed: 4_711 }));
