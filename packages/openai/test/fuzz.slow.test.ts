import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { answers } from './fuzz-answers.js';
import { ends, lines, versions } from './fuzz-codex.js';
import { failures } from './fuzz-failures.js';
import { toolArguments, writtenCalls } from './fuzz-texts.js';

const parsers = [answers, toolArguments, writtenCalls, failures, lines, ends, versions];

describe('whatever comes', () => fuzzSuite(it, parsers, { numRuns: 20_000, seed: 4_711 }));
