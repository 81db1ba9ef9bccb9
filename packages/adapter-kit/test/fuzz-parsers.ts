import type { FuzzedParser } from '@baton/conformance/fuzz';
import { durations, labels, masks, names, places, waits } from './fuzz-texts.js';

export const parsers: readonly FuzzedParser[] = [names, masks, places, labels, durations, waits];
