import type { FuzzedParser } from '@baton/conformance/fuzz';
import { rows } from './fuzz-rows.js';

export const parsers: readonly FuzzedParser[] = [rows];
