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
export function inertText(text: string): string {
  return actingSigns.reduce((inert, sign) => inert.replace(sign, `$&${joiner}`), text);
}

/**
 * The same where Markdown is read: each sign that could begin markup stands for itself, so that there is no link,
 * image, HTML, heading, table, code or emphasis. Lists stay lists.
 */
export function inertMarkdown(text: string): string {
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
export function inertLine(text: string): string {
  return inertMarkdown(text).replace(/^ *(?:\d+(?=[.)])|(?=[-+]))/, '$&\\');
}

/** The same for inside a code span, which knows no escapes: signs that would end it, or a cell, become others. */
export function inertCode(text: string): string {
  return inertText(text).replaceAll('`', "'").replaceAll('|', '¦').replaceAll('\\', '∖');
}
