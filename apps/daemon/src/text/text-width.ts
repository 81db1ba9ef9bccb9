import { eastAsianWidth } from 'get-east-asian-width';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
const colour = /\u001b\[\d+(;\d+)*m/g;

/** Signs of which each takes one column, whatever stands beside it: most of what is shown. */
const plain = /^[ -~\u00a0-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff✓✗]*$/;

/** Pictures and flags, of however many parts they are made. */
const picture =
  /\p{Emoji}\ufe0f|\p{Regional_Indicator}|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic}/u;

/** What stands over or under another letter, or is not seen; the later parts of a Korean syllable. */
const noColumn = /[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7fb]/u;

/** A tab reaches to the next eighth column: it is taken for the most that it may be. */
const tabColumns = 8;

/** What a reader takes for one sign, one after another: a letter with its accents, a picture with its parts. */
export function* readSigns(text: string): Iterable<string> {
  if (plain.test(text)) yield* text;
  // Made where it is needed: the first one of a process takes as long as some verbs.
  else for (const { segment } of new Intl.Segmenter().segment(text)) yield segment;
}

/** How many columns of a terminal a sign takes. */
export function signWidth(sign: string): number {
  if (sign === '\t') return tabColumns;
  if (picture.test(sign)) return 2;
  let columns = 0;
  for (const character of sign) {
    if (!noColumn.test(character)) columns += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return columns;
}

/** Whether colours are in it. */
export function isPainted(text: string): boolean {
  return text.search(colour) !== -1;
}

/** How many columns of a terminal a line takes, without its colours. */
export function textWidth(text: string): number {
  const shown = text.replaceAll(colour, '');
  if (plain.test(shown)) return shown.length;
  let columns = 0;
  for (const sign of readSigns(shown)) columns += signWidth(sign);
  return columns;
}

/** A line with blanks behind it, so that what follows begins at a column, or behind a line that is longer. */
export function padText(text: string, columns: number): string {
  return `${text}${' '.repeat(Math.max(0, columns - textWidth(text)))}`;
}
