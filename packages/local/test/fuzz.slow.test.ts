import { fuzzSuite } from '@baton/conformance/fuzz';
import { describe, it } from 'vitest';
import { files, permissions, written } from './fuzz-folder.js';

describe('whatever comes', () => fuzzSuite(it, [files, written, permissions], { numRuns: 20_000, seed: 20_260_101 }));
