import { isPainted, readSigns, signWidth, textWidth } from './text-width.js';

/** Narrower than this, a column of words is hard to read. */
export const narrowest = 24;

/** Marks that begin no line. */
const ends = /^[\p{Pe}\p{Pf}\p{Po}\p{Lm}]/u;
/** Marks that end none. */
const opens = /^[\p{Ps}\p{Pi}]/u;

/**
 * The parts of a word between which a line may end: those of scripts that put no blanks between words. What is a path or
 * an address stays whole.
 */
function partsOf(word: string): readonly string[] {
  if (word.includes('/') || isPainted(word)) return [word];
  const parts: string[] = [];
  let part = '';
  let before = '';
  for (const sign of readSigns(word)) {
    const mayPart = signWidth(before) === 2 && signWidth(sign) === 2 && !opens.test(before) && !ends.test(sign);
    if (mayPart) {
      parts.push(part);
      part = '';
    }
    part += sign;
    before = sign;
  }
  return [...parts, part];
}

const wordsOf = (line: string): readonly string[] => line.match(/\s*\S+/g) ?? [];

/** Into how few columns a text can be wrapped. What is painted, or stands by itself, stays whole. */
export function leastWidth(text: string): number {
  if (isPainted(text)) return textWidth(text);
  const least = wordsOf(text).map((word, index) => {
    const shown = index === 0 ? word : word.trim();
    const width = textWidth(shown);
    return width <= narrowest ? width : Math.max(narrowest, ...partsOf(shown).map(textWidth));
  });
  return Math.max(0, ...least);
}

/**
 * Breaks lines at blanks so that each fits, as far as words do: what is to be copied stays whole. A word that is longer
 * than a line is broken where its script allows it. What a line begins with in blanks, its parts begin with too.
 */
export function wrapText(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    const margin = ' '.repeat(line.search(/[^ ]|$/));
    let current = '';
    let taken = 0;
    for (const word of wordsOf(line)) {
      const fits = textWidth(word.trimStart()) + margin.length <= columns;
      for (const part of fits ? [word] : partsOf(word)) {
        const width = textWidth(part);
        if (current !== '' && taken + width > columns) {
          lines.push(current);
          current = `${margin}${part.trimStart()}`;
          taken = textWidth(current);
        } else {
          current += part;
          taken += width;
        }
      }
    }
    return [...lines, current];
  });
}

/** The same in one text. Null: lines are left as they are. */
export function wrapLines(text: string, columns: number | null): string {
  return columns === null ? text : wrapText(text, columns).join('\n');
}
