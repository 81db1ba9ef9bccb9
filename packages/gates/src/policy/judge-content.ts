import type { Change } from '@baton/core';
import { listNames } from '../text/clean-output.js';
import type { Objection } from './objection.js';

/** How much longer all files may become together before a person is asked: a limit in lines takes one line of any length. */
const maxAddedBytes = 1024 ** 2;

/**
 * What a change brings, whatever its lines are. Files that a filter would have to encrypt or replace first are
 * refused, since they would be pushed as they are; much content is for a person to look at.
 */
export function judgeContent(changes: readonly Change[]): readonly Objection[] {
  return [...judgeFilters(changes), ...judgeBytes(changes)];
}

function judgeFilters(changes: readonly Change[]): readonly Objection[] {
  const filters = new Map<string, string[]>();
  for (const { filter, path } of changes) {
    if (filter !== null) filters.set(filter, [...(filters.get(filter) ?? []), path]);
  }
  return [...filters].map(([filter, paths]) => ({
    verdict: 'stop',
    text: `It writes files that .gitattributes gives to the filter ${listNames([filter])}, which Baton doesn't run, so they would be pushed as they are: ${listNames(paths)}.`,
  }));
}

function judgeBytes(changes: readonly Change[]): readonly Objection[] {
  const growing = changes.filter(({ bytes, oldBytes }) => bytes > oldBytes);
  const added = growing.reduce((sum, { bytes, oldBytes }) => sum + bytes - oldBytes, 0);
  if (added <= maxAddedBytes) return [];
  const longest = growing.toSorted((one, other) => other.bytes - other.oldBytes - (one.bytes - one.oldBytes));
  return [
    {
      verdict: 'hold',
      text: `It adds ${added} bytes, most of them in ${listNames(
        longest.map(({ path }) => path),
        1,
      )}; ${maxAddedBytes} are allowed.`,
    },
  ];
}
