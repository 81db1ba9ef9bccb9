import type { FuzzedParser } from '@baton/conformance/fuzz';
import { answers, failures } from './fuzz-answers.js';
import { ends, lines, versions } from './fuzz-claude-code.js';

export const parsers: readonly FuzzedParser[] = [answers, failures, lines, ends, versions];
