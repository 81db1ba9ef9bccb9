import type { FuzzedParser } from '@baton/conformance/fuzz';
import { files, permissions, written } from './fuzz-folder.js';

export const parsers: readonly FuzzedParser[] = [written];

/** An input of these is read by the parser of YAML, more than once, and takes as long as several of the others. */
export const costlyParsers: readonly FuzzedParser[] = [files, permissions];
