import type { FuzzedParser } from '@baton/conformance/fuzz';
import { accounts } from './fuzz-accounts.js';
import { edits, failures, merges, texts, triggers } from './fuzz-answers.js';
import { briefs } from './fuzz-briefs.js';
import { cursors, issues } from './fuzz-issues.js';
import { merges as observedMerges } from './fuzz-merge-requests.js';

export const parsers: readonly FuzzedParser[] = [triggers, merges, edits, texts, failures];

/** An input of these is a whole conversation, and takes as long as many of the others. */
export const costlyParsers: readonly FuzzedParser[] = [issues, briefs, observedMerges, accounts, cursors];
