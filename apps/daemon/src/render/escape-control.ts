// Control characters, and those that reorder or hide text: a title must not drive a terminal or forge a line.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

/** One line that is safe to show: control and reordering characters are spelt out. */
export function escapeLine(text: string): string {
  return text.replaceAll(unsafe, escapeCharacter);
}

/** Several lines that are safe to show: line ends and tabs stay. */
export function escapeText(text: string): string {
  return text.replaceAll(unsafe, (character) =>
    character === '\n' || character === '\t' ? character : escapeCharacter(character),
  );
}
