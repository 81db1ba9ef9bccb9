import { inertCode, inertLine, inertMarkdown, inertText } from './inert-text.js';

/** What a page or a terminal doesn't show: controls, and format characters but for the joiner inside emoji. */
const invisible = /[^\P{Cc}\t\n]|[^\P{Cf}\u200d]|[\u2028\u2029]/gu;
const htmlComment = /<!--[\s\S]*?(?:-->|$)/g;

/**
 * The text without what a reader of the page doesn't see: HTML comments, unterminated ones too, and
 * invisible characters. Visible text is unharmed. Lowers noise; it is no boundary.
 */
export function stripHidden(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(htmlComment, '').replace(invisible, '');
}

/** The first `length` characters, cut at a code point, and whether something was cut off. */
export function clip(text: string, length: number): { readonly text: string; readonly clipped: boolean } {
  if (text.length <= length) return { text, clipped: false };
  const end = /[\ud800-\udbff]$/.test(text.slice(0, length)) ? length - 1 : length;
  return { text: text.slice(0, end), clipped: true };
}

/** One line: no control characters, no runs of blanks, at most `length` characters of what `shape` makes of it. */
export function oneLine(text: string, length: number, shape = (line: string): string => line): string {
  const line = shape(stripHidden(text).replace(/\s+/g, ' ').trim());
  const { text: cut, clipped } = clip(line, length - 1);
  return clipped && line.length > length ? `${cut.trimEnd()}…` : line;
}

const longestClaimWords = 120;
/** In characters: a word may be as long as it likes. */
const longestClaim = 8_000;

/**
 * An agent's words as a Markdown quotation that does nothing: no mention notifies, no reference or command is
 * obeyed, no link or image is there, no HTML is read, no table or marker is forged. At most 120 words.
 */
export function quoteClaim(text: string): string {
  const whole = clip(stripHidden(text).trim(), longestClaim);
  const words = whole.text.split(/(\s+)/);
  const kept = words.slice(0, longestClaimWords * 2 - 1).join('');
  const cut = whole.clipped || words.length > longestClaimWords * 2 - 1 ? `${kept} …` : kept;
  const inert = inertMarkdown(cut);
  return inert === ''
    ? ''
    : inert
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
}

const longestCell = 300;

/** Text for a line of Markdown or a cell of a table, which does nothing but be read. */
export function tableCell(text: string): string {
  return inertLine(oneLine(text, longestCell));
}

/** The same for a code span, without its backticks. */
export function codeSpan(text: string): string {
  return inertCode(oneLine(text, longestCell));
}

/** One line where no Markdown is read, such as a title, which does nothing but be read. At most `length` characters. */
export function titleLine(text: string, length: number): string {
  return oneLine(text, length, inertText);
}
