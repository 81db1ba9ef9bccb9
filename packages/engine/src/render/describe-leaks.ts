import type { Leak } from '@baton/core';
import { oneLine } from '../text/untrusted-text.js';

const mostTold = 5;
const longestPath = 200;

/** Why nothing was pushed, for people: what was found and where, never the thing itself, and what to do about it. */
export function describeLeaks(leaks: readonly Leak[]): string {
  const told = leaks.slice(0, mostTold).map(describe);
  const more = leaks.length > told.length ? ` And ${leaks.length - told.length} more.` : '';
  const isHeld = leaks.some(({ by }) => by === 'held');
  const isGuess = leaks.every(({ by }) => by === 'shape');
  const advice = [
    ...(isHeld ? ['Exchange what the daemon holds: whoever made the change may know it.'] : []),
    ...(isGuess
      ? ['If it is no secret, ask in the issue for a text that is put together from parts, and try again.']
      : []),
  ];
  return [`Nothing was pushed: ${told.join('; ')}.${more}`, ...advice].join(' ');
}

function describe({ where, kind, by, place }: Leak): string {
  const spot =
    place === undefined
      ? `the ${where}`
      : `${oneLine(place.path, longestPath)}${place.line === null ? ', over several lines,' : `:${place.line}`}`;
  if (by === undefined) return `${spot} holds a secret (${kind})`;
  return by === 'held'
    ? `${spot} holds the daemon's own ${kind}`
    : `${spot} holds what looks like a secret by its shape (${kind})`;
}
