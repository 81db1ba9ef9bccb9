import { stripVTControlCharacters } from 'node:util';

/**
 * The end of what a program printed, without the colours of a terminal: as many whole paragraphs as fit, or
 * the end of one that is too long.
 */
export function mapClosingParagraphs(output: string, maxCharacters: number): string {
  const text = stripVTControlCharacters(output).trim();
  if (text.length <= maxCharacters) return text;
  const end = text.slice(-maxCharacters);
  const blank = /\n[^\S\n]*\n/.exec(end);
  return (blank === null ? end : end.slice(blank.index)).toWellFormed().trim();
}
