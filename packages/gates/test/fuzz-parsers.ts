import type { FuzzedParser } from '@baton/conformance/fuzz';
import { diffs, manifestChanges, patterns, texts } from './fuzz-changes.js';
import { reports } from './fuzz-reports.js';

export const parsers: readonly FuzzedParser[] = [reports, manifestChanges, diffs, texts, patterns];
