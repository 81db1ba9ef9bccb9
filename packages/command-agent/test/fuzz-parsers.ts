import type { FuzzedParser } from '@baton/conformance/fuzz';
import { scripts } from './fuzz-script.js';

export const parsers: readonly FuzzedParser[] = [scripts];
