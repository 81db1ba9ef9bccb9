import type { FuzzedParser } from '@baton/conformance/fuzz';
import { answers } from './fuzz-answers.js';
import { ends, lines, versions } from './fuzz-codex.js';
import { toolArguments, writtenCalls } from './fuzz-texts.js';

export const parsers: readonly FuzzedParser[] = [toolArguments, writtenCalls, lines, ends, versions];

/** An input of these is a whole stream, and takes as long as many of the others. */
export const costlyParsers: readonly FuzzedParser[] = [answers];
