import type { FuzzedParser } from '@baton/conformance/fuzz';
import { configs, policies } from './fuzz-config.js';
import { foreignIssues, misspellings, places, problems, schemas, wrongHosts } from './fuzz-hints.js';
import { laidOut, shown } from './fuzz-render.js';

export const parsers: readonly FuzzedParser[] = [schemas, problems, misspellings, shown];

/**
 * An input of these is a document that is read whole, or what is wrong with it is told by a schema that is made for it, or
 * a text that is measured sign by sign, several times: it takes as long as dozens of the others.
 */
export const costlyParsers: readonly FuzzedParser[] = [configs, policies, wrongHosts, places, foreignIssues, laidOut];
