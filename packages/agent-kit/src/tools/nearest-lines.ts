import { clipLine } from '../text/clip-text.js';
import { placesOf } from '../text/places-of.js';

const linesAround = 2;
const maxLineCharacters = 300;
/** Below this nothing in the file looks like what was sought. */
const leastLikeness = 0.4;

/** Where in a text the passage was probably meant to stand, in words for a model. Takes a second for some millions of characters. */
export function describeNearest(text: string, sought: string): string {
  const spaced = findSpaced(text, sought);
  if (spaced !== null) {
    return `The same words stand there with other white space, from line ${spaced.line}:\n${spaced.passage}`;
  }
  const lines = text.split(/\r?\n/);
  const best = findLikest(lines, sought);
  if (best === null) return 'Nothing in the file looks like it: read the file again.';
  const start = Math.max(0, best - linesAround);
  const shown = lines.slice(start, best + linesAround + 1);
  return `The nearest lines are:\n${shown.map((line, index) => `${start + index + 1}\t${clipLine(line, maxLineCharacters)}`).join('\n')}`;
}

/** The passage where only white space differs. Sought as one text: line by line it could take for ever. */
function findSpaced(text: string, sought: string): { readonly line: number; readonly passage: string } | null {
  const bare = (line: string): string => line.replaceAll(/\s+/g, ' ').trim();
  const wanted = sought.trim().split('\n').map(bare);
  if (wanted.every((line) => line === '')) return null;
  const lines = text.split(/\r?\n/);
  const whole = `\n${lines.map(bare).join('\n')}\n`;
  const { value: at } = placesOf(whole, `\n${wanted.join('\n')}\n`).next();
  if (at === undefined) return null;
  const found = whole.slice(0, at).split('\n').length - 1;
  return { line: found + 1, passage: lines.slice(found, found + wanted.length).join('\n') };
}

/** Index of the line that is most like the most telling line of what was sought. */
function findLikest(lines: readonly string[], sought: string): number | null {
  const telling = sought
    .split('\n')
    .map((line) => line.trim())
    .reduce((longest, line) => (line.length > longest.length ? line : longest), '');
  const wanted = pairsOf(telling);
  let best: { readonly index: number; readonly likeness: number } | null = null;
  for (const [index, line] of lines.entries()) {
    const likeness = likenessOf(wanted, pairsOf(line.trim()));
    if (likeness > (best?.likeness ?? leastLikeness)) best = { index, likeness };
  }
  return best?.index ?? null;
}

function pairsOf(line: string): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (let at = 0; at < Math.min(line.length, maxLineCharacters) - 1; at += 1) pairs.add(line.slice(at, at + 2));
  return pairs;
}

/** The Sørensen–Dice coefficient of two sets of letter pairs. */
function likenessOf(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 || right.size === 0) return 0;
  let common = 0;
  for (const pair of left) if (right.has(pair)) common += 1;
  return (2 * common) / (left.size + right.size);
}
