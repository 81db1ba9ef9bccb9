import type { FuzzedParser } from '@baton/conformance/fuzz';
import { ends, streams, updates } from './fuzz-agent.js';

export const parsers: readonly FuzzedParser[] = [updates, streams, ends];
