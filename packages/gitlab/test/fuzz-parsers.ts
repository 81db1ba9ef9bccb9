import type { FuzzedParser } from '@baton/conformance/fuzz';
import { edits, failures, merges, texts, triggers } from './fuzz-answers.js';

export const parsers: readonly FuzzedParser[] = [triggers, merges, edits, texts, failures];
