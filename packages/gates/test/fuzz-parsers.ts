import type { FuzzedParser } from '@baton/conformance/fuzz';
import { diffs, manifestChanges, patterns, texts } from './fuzz-changes.js';
import { summaries } from './fuzz-output.js';
import { reports } from './fuzz-reports.js';

export const parsers: readonly FuzzedParser[] = [manifestChanges, diffs, texts, patterns, summaries];

/** An input of these is one or two whole reports, and takes as long as many of the others. */
export const costlyParsers: readonly FuzzedParser[] = [reports];
