import type { FuzzedParser } from '@baton/conformance/fuzz';
import { ends, streams, updates } from './fuzz-agent.js';

export const parsers: readonly FuzzedParser[] = [ends];

/** An input of these is a whole turn, and takes as long as dozens of the others. */
export const costlyParsers: readonly FuzzedParser[] = [updates, streams];
