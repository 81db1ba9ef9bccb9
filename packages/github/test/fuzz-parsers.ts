import type { FuzzedParser } from '@baton/conformance/fuzz';
import { failures, issues, people, pulls, texts } from './fuzz-answers.js';
import { reads } from './fuzz-reads.js';

export const parsers: readonly FuzzedParser[] = [pulls, issues, texts, failures, people, ...reads];
