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

/** One line for titles: no control characters, no runs of blanks, at most `length` characters. */
export function oneLine(text: string, length: number): string {
  const line = stripHidden(text).replace(/\s+/g, ' ').trim();
  const { text: cut, clipped } = clip(line, length - 1);
  return clipped && line.length > length ? `${cut.trimEnd()}…` : line;
}

/** An `@` that a host would take for the beginning of a login; not the one in `main@9c1e2aa`. */
const mention = /(?<!\w)@(?=\w)/g;

const longestClaimWords = 120;

/**
 * An agent's words as a Markdown quotation that does nothing: no mention notifies, no keyword closes an
 * issue, no image loads, no HTML is read, no table or marker is forged. At most 120 words.
 */
export function quoteClaim(text: string): string {
  const words = stripHidden(text).trim().split(/(\s+)/);
  const kept = words.slice(0, longestClaimWords * 2 - 1).join('');
  const cut = words.length > longestClaimWords * 2 - 1 ? `${kept} …` : kept;
  const defused = defuse(cut);
  return defused === ''
    ? ''
    : defused
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
}

/** Text that does nothing in Markdown but be read: no mention, closing keyword, image, link or HTML. */
function defuse(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(mention, '@\u2060')
    .replace(/!\[/g, '!\u2060[')
    .replace(/\]\(/g, ']\u2060(')
    .replace(/\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(\s*:?\s+)(?=\S*#\d|\S*:\d|https?:)/gi, '$1\u2060$2\u2060')
    .replace(/#(?=\d)/g, '#\u2060');
}

/** Text for a cell of a Markdown table, which does nothing but be read. */
export function tableCell(text: string): string {
  return defuse(oneLine(text, 300)).replaceAll('\\', '\\\\').replaceAll('|', '\\|');
}
