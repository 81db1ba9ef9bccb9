import type { FuzzedParser } from '@baton/conformance/fuzz';
import { edits, failures, merges, texts, triggers } from './fuzz-answers.js';
import { reads } from './fuzz-reads.js';

export const parsers: readonly FuzzedParser[] = [triggers, merges, edits, texts, failures, ...reads];
