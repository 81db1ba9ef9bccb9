import type { FuzzedParser } from '@baton/conformance/fuzz';
import { answers } from './fuzz-answers.js';
import { ends, lines, versions } from './fuzz-codex.js';
import { failures } from './fuzz-failures.js';
import { toolArguments, writtenCalls } from './fuzz-texts.js';

export const parsers: readonly FuzzedParser[] = [answers, toolArguments, writtenCalls, failures, lines, ends, versions];
