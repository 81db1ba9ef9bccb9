import { stripVTControlCharacters } from 'node:util';

/**
 * Control, bidirectional and zero-width characters, save the line feed and the tab; and lone surrogates, as which
 * bytes of names stand that aren't UTF-8.
 */
const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/**
 * What a command printed, fit to be shown: no colours, no control character that a terminal would obey, each
 * such character written as `\u{…}`, and no more than `limit` characters from its end, cut at a line.
 */
export function cleanOutput(text: string, limit: number): string {
  // A line that was drawn over by carriage returns ends as what was drawn last. Cut first: output may be long.
  const tail = text.length > limit * 4 ? text.slice(-limit * 4) : text;
  const lines = stripVTControlCharacters(tail).replaceAll('\r\n', '\n').split('\n').map(drawnLast);
  const clean = lines.join('\n').replace(unprintable, escapeCharacter).trim();
  if (clean.length <= limit && tail === text) return clean;
  // The cut can go through a character.
  const kept = clean.slice(-limit).toWellFormed();
  const lineEnd = kept.indexOf('\n');
  return `…\n${lineEnd >= 0 && lineEnd < kept.length - 1 ? kept.slice(lineEnd + 1) : kept}`;
}

/** Of a line that was drawn over. No pattern finds its end: it would be tried anew at each of a row of returns. */
function drawnLast(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  return line.slice(end === 0 ? 0 : line.lastIndexOf('\r', end - 1) + 1, end).trimEnd();
}

/** A name of a test or a file on one line, without characters that hide or reorder text, at most `limit` long. */
export function cleanName(text: string, limit = 300): string {
  const clean = stripVTControlCharacters(text.slice(0, limit * 4))
    .replace(/\s+/g, ' ')
    .trim()
    .replace(unprintable, escapeCharacter);
  return clean.length <= limit ? clean : `${clean.slice(0, limit - 1).toWellFormed()}…`;
}

/** Names in a sentence: the first few, quoted as code, and how many more there are. */
export function listNames(names: readonly string[], shown = 5): string {
  const head = names
    .slice(0, shown)
    .map((name) => `\`${cleanName(name, 160)}\``)
    .join(', ');
  return names.length > shown ? `${head} and ${names.length - shown} more` : head;
}

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
