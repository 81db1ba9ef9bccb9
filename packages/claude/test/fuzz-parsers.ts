import type { FuzzedParser } from '@baton/conformance/fuzz';
import { answers, pings } from './fuzz-answers.js';
import { ends, lines, versions } from './fuzz-claude-code.js';

export const parsers: readonly FuzzedParser[] = [answers, pings, lines, ends, versions];
