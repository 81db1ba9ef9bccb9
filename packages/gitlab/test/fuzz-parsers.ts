import type { FuzzedParser } from '@baton/conformance/fuzz';
import { edits, failures, merges, texts, triggers } from './fuzz-answers.js';
import { reads } from './fuzz-reads.js';

export const parsers: readonly FuzzedParser[] = [triggers, merges, edits, texts, failures];

/** An input of these is a whole conversation, and takes as long as many of the others. */
export const costlyParsers: readonly FuzzedParser[] = reads;
