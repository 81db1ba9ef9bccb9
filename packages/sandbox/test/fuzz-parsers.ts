import type { FuzzedParser } from '@baton/conformance/fuzz';
import { endpoints, hellos, requests } from './fuzz-hosts.js';

export const parsers: readonly FuzzedParser[] = [endpoints, requests, hellos];
