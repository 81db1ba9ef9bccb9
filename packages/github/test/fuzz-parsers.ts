import type { FuzzedParser } from '@baton/conformance/fuzz';
import { failures, issues, people, pulls, texts } from './fuzz-answers.js';
import { reads } from './fuzz-reads.js';

export const parsers: readonly FuzzedParser[] = [issues, texts, failures, people];

/** An input of these is a whole conversation, or a pull request with all of its checks, and takes as long as many of the others. */
export const costlyParsers: readonly FuzzedParser[] = [pulls, ...reads];
