import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { edits, failures, merges, texts, triggers } from './fuzz-answers.js';

const parsers = [triggers, merges, edits, texts, failures];

describe('whatever comes', () => fuzzSuite(it, parsers, { numRuns: 20_000, seed: 4_711 }));
