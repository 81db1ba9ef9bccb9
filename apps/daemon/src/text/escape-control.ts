/** Control characters, and those that reorder or hide text: a title must not drive a terminal or forge a line. */
const hiding = String.raw`\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}`;
/** Joiners are for the letters and pictures of scripts that use them, and stay behind these. */
const unsafe = new RegExp(String.raw`[${hiding}]|(?<=^|[\p{ASCII}${hiding}])[\u200c\u200d]+`, 'gu');
const lineEnd = /\r\n?|[\u0085\u2028\u2029]/g;

function escapeCharacters(characters: string): string {
  return Array.from(characters, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  }).join('');
}

/** One line that is safe to show: a blank where a line ended, and what would drive a terminal spelt out. */
export function escapeLine(text: string): string {
  const [first = '', ...rest] = text.replace(lineEnd, '\n').replaceAll('\t', ' ').split('\n');
  const parts = rest.length === 0 ? [first] : [first, ...rest].map((line) => line.trim()).filter((line) => line !== '');
  return parts.join(' ').replaceAll(unsafe, escapeCharacters);
}

/** The same JSON, in letters that are safe to show: nothing of it is lost to who parses it. */
export function escapeJson(json: string): string {
  return json.replaceAll(unsafe, (characters) =>
    characters === '\n'
      ? characters
      : characters
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  );
}

function escapeWithinLines(characters: string): string {
  return characters === '\n' || characters === '\t' ? characters : escapeCharacters(characters);
}

/** Several lines that are safe to show: line ends and tabs stay. */
export function escapeText(text: string): string {
  return text.replace(lineEnd, '\n').replaceAll(unsafe, escapeWithinLines);
}

/**
 * A diff that is safe to show: its lines are those of git, whatever else in one ends a line elsewhere. A person decides by
 * it, and would read the rest of such a line as one of its own: as taken away, or of another file.
 */
export function escapeDiff(diff: string): string {
  return diff
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u2028\u2029]/g, escapeCharacters)
    .replaceAll(unsafe, escapeWithinLines);
}
