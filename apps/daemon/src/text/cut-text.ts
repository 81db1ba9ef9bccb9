import { readSigns, signWidth } from './text-width.js';

/** The beginning of a line without colours that takes at most so many columns; one that is cut ends in `…`. */
export function cutText(line: string, columns: number): string {
  let whole = '';
  let kept = '';
  let taken = 0;
  for (const sign of readSigns(line)) {
    taken += signWidth(sign);
    if (taken > columns) return `${kept}…`;
    whole += sign;
    if (taken < columns) kept = whole;
  }
  return line;
}

/** The same for people, where programs are told the whole. */
export function cutTold(line: string, columns: number): string {
  const cut = cutText(line, columns);
  return cut === line ? line : `${cut} (--json shows all)`;
}
