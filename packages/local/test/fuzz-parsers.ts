import type { FuzzedParser } from '@baton/conformance/fuzz';
import { files, permissions, written } from './fuzz-folder.js';

export const parsers: readonly FuzzedParser[] = [files, written, permissions];
