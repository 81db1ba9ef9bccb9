import type { FuzzedParser } from '@baton/conformance/fuzz';
import { changes, failures, listings, names } from './fuzz-git-output.js';
import { claims, ownClaims, records } from './fuzz-records.js';

export const parsers: readonly FuzzedParser[] = [names, changes, listings, failures, records, ownClaims, claims];
