import type { FuzzedParser } from '@baton/conformance/fuzz';
import { configs, durations, policies } from './fuzz-config.js';
import { foreignIssues, misspellings, places, problems, schemas, wrongHosts } from './fuzz-hints.js';
import { shown } from './fuzz-render.js';

export const parsers: readonly FuzzedParser[] = [durations, schemas, problems, shown];

/** An input of these takes as long as dozens of the others: what is wrong is told by the schema, which is made for it. */
export const costlyParsers: readonly FuzzedParser[] = [
  configs,
  policies,
  misspellings,
  wrongHosts,
  places,
  foreignIssues,
];
