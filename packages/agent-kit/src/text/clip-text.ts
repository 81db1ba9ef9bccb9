/** A text of at most so many characters and a line: its beginning and its end, and how much is missing between. */
export function clipText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const head = Math.ceil(maxCharacters / 2);
  const tail = maxCharacters - head;
  const dropped = text.length - maxCharacters;
  // Half of a pair would be no character at all.
  const parts = [text.slice(0, head), text.slice(text.length - tail)].map((part) => part.toWellFormed());
  return parts.join(`\n[${dropped} characters dropped]\n`);
}

/** The beginning of a line of at most so many characters. */
export function clipLine(line: string, maxCharacters: number): string {
  return line.length <= maxCharacters ? line : `${line.slice(0, maxCharacters).toWellFormed()}…`;
}
