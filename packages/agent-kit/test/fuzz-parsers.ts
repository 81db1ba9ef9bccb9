import type { FuzzedParser } from '@baton/conformance/fuzz';
import { events, texts } from './fuzz-answers.js';
import { answers, longFiles } from './fuzz-tools.js';

export const parsers: readonly FuzzedParser[] = [events, texts, answers];

/** An input of these takes as long as dozens of the others. */
export const costlyParsers: readonly FuzzedParser[] = [longFiles];
