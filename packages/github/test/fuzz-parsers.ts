import type { FuzzedParser } from '@baton/conformance/fuzz';
import { accounts } from './fuzz-accounts.js';
import { issues, people, pulls } from './fuzz-answers.js';
import { briefs } from './fuzz-briefs.js';
import { failures } from './fuzz-failures.js';
import { cursors, issues as pagesOfIssues } from './fuzz-issues.js';
import { hands, looks, observations, parts } from './fuzz-pulls.js';
import { texts } from './fuzz-texts.js';

export const parsers: readonly FuzzedParser[] = [issues, texts, failures, people];

/** An input of these is a whole conversation, or a pull request with all of its checks, and takes as long as many of the others. */
export const costlyParsers: readonly FuzzedParser[] = [
  pulls,
  briefs,
  hands,
  observations,
  parts,
  pagesOfIssues,
  accounts,
  looks,
  cursors,
];
