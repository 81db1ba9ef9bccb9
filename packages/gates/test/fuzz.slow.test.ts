import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { diffs, manifestChanges, patterns, texts } from './fuzz-changes.js';
import { reports } from './fuzz-reports.js';

const parsers = [reports, manifestChanges, diffs, texts, patterns];

describe('whatever comes', () => fuzzSuite(it, parsers, { numRuns: 20_000, seed: 4_711 }));
