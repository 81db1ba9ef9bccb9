import type { FuzzedParser } from '@baton/conformance/fuzz';
import { ends, versions } from './fuzz-ends.js';
import { failures } from './fuzz-failures.js';
import { requests } from './fuzz-requests.js';
import { answers, bodies, headers, lines, questions } from './fuzz-upstream.js';

export const parsers: readonly FuzzedParser[] = [
  requests,
  answers,
  bodies,
  failures,
  headers,
  lines,
  questions,
  ends,
  versions,
];
