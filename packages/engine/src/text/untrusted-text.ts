/**
 * What a page or a terminal doesn't show: controls, and what Unicode says is not to be shown, but for the joiner inside
 * emoji and one selector behind what it makes a picture: rows of selectors spell whole texts.
 */
const invisible =
  /[^\P{Cc}\t\n]|[^\P{Cf}\u200d]|[\u2028\u2029]|(?![\u200d\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}|(?<=\p{Variation_Selector})[\ufe0e\ufe0f]/gu;
const htmlComment = /<!--[\s\S]*?(?:-->|$)/g;

/**
 * The text without what a reader of the issue's page doesn't see: HTML comments, unterminated ones too, and
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

/**
 * One line: no control characters, no runs of blanks, at most `length` characters of what `shape` makes of it. What is
 * longer is cut where a word ends, and says so by a `…`.
 */
export function oneLine(text: string, length: number, shape = (line: string): string => line): string {
  return cutLine(shape(stripHidden(text).replace(/\s+/g, ' ').trim()), length);
}

/** The same of a line that needs nothing taken out any more: what keeps it from acting stays in it. */
export function cutLine(line: string, length: number): string {
  if (line.length <= length) return line;
  const { text: cut } = clip(line, length - 1);
  const end = line[cut.length] === ' ' ? cut.length : cut.lastIndexOf(' ');
  // Of a word that is most of the line a part says more than nothing.
  return `${(end > length / 2 ? cut.slice(0, end) : cut).trimEnd()}…`;
}

/**
 * Word joiner: it has no width, allows no line break, and no grammar takes it for part of a word. So a text in which
 * one stands between a sign and what the sign is for reads as before and does nothing.
 */
const joiner = '\u2060';

/**
 * What makes a host, a tracker, a CI or git act on a text that is no Markdown. A reference is broken rather than the
 * words before it: then no closing word closes anything, in whatever language, and no list of words has to be kept.
 */
const actingSigns: readonly RegExp[] = [
  // `@name` and `name@commit`, and the address of a mailbox.
  /@(?=\S)/g,
  // `#7` and a smart commit's `#close`; GitLab's `!7`, `&7`, `$7`, `%1`, `~bug`, `^alert`; `[skip ci]`, `***NO_CI***`.
  /[#!&$%~^*[](?=[\p{L}\p{N}_"'])/gu,
  // `GH-7` and a tracker's `PROJ-7`.
  /-(?=\d)(?<=[A-Za-z]\w*-)/g,
  // `https://…` and any other scheme, and what is taken for an address without one.
  /:(?=\/\/)|www(?=\.)/gi,
  // A command at the beginning of a line: `/close`.
  /^[^\S\n]*(?=\/\w)/gm,
  // A trailer, wherever it is looked for: `Signed-off-by: …`, `skip-checks: true`.
  /^[^\S\n]*(?=[A-Za-z0-9]*-)[A-Za-z0-9-]+(?=\s*:)/gm,
  // `fixup! …`, by which git folds one commit into another.
  /^[^\S\n]*\w+(?=! )/gm,
];

/**
 * A text that does nothing where no Markdown is read, e.g. in a title or a commit's message: it notifies nobody,
 * refers to and closes nothing, commands neither host nor CI, and is no trailer. It reads as before.
 */
function inertText(text: string): string {
  return actingSigns.reduce((inert, sign) => inert.replace(sign, `$&${joiner}`), text);
}

/**
 * The same where Markdown is read: each sign that could begin markup stands for itself, so that there is no link,
 * image, HTML, heading, table, code or emphasis. Lists stay lists.
 */
function inertMarkdown(text: string): string {
  return (
    inertText(text)
      .replace(/[\\`*_{}[\]~|$#]/g, '\\$&')
      // As names, since what looks for a marker's `<!--` reads no escapes.
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // So deep it would be code.
      .replace(/^(?: {4}|[^\S\n]*\t)[^\S\n]*/gm, '   ')
      // What makes a heading or a table of the line before, or a rule, in lists too.
      .replace(/^ *(?:(?:[-+]|\d+[.)])[ \t]+)*(?=[-=:][-=: \t]*$)/gm, '$&\\')
  );
}

/** The same for a single line that may stand at the beginning of a block: it begins no list either. */
function inertLine(text: string): string {
  return inertMarkdown(text).replace(/^ *(?:\d+(?=[.)])|(?=[-+]))/, '$&\\');
}

/** The same for inside a code span, which knows no escapes: signs that would end it, or a cell, become others. */
function inertCode(text: string): string {
  return inertText(text).replaceAll('`', "'").replaceAll('|', '¦').replaceAll('\\', '∖');
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

/** How much of a text is shown. By name, so that what counts calls, as `map` does, can't be taken for it. */
export interface ShownLength {
  /** In characters of the text, which may be written with more. Default: 300. */
  readonly longest?: number;
}

/** Text for a line of Markdown or a cell of a table, which does nothing but be read. */
export function tableCell(text: string, { longest = 300 }: ShownLength = {}): string {
  return inertLine(oneLine(text, longest));
}

/** The same for a code span, without its backticks. */
export function codeSpan(text: string, { longest = 300 }: ShownLength = {}): string {
  return inertCode(oneLine(text, longest));
}

/** One line where no Markdown is read, such as a title, which does nothing but be read. At most `length` characters. */
export function titleLine(text: string, length: number): string {
  return oneLine(text, length, inertText);
}
