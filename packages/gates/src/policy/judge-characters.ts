import type { FileDiff } from '../diff/change-diff.js';
import { listNames } from '../text/clean-output.js';
import type { Objection } from './objection.js';

/** Show text in another order than a compiler reads it: https://trojansource.codes */
const reordering = /\p{Bidi_Control}/u;
/**
 * Take no room, or the room of a blank: an identifier, a string or an instruction that no reader sees. A byte order
 * mark begins a file, joiners and selectors of forms follow the letters and pictures of scripts that use them, one at a
 * time: a row of them is a message.
 */
const invisible =
  /(?!^)\uFEFF|(?!\uFEFF|\u200C|\u200D|\uFE0E|\uFE0F|\p{Bidi_Control})[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]|(?<=^|\p{ASCII}|[\u200C\u200D])[\u200C\u200D]|(?<=^|[^\P{ASCII}0-9#*]|[\u200C\u200D]|\p{Variation_Selector})[\uFE0E\uFE0F]/u;
/** Overwrite what a terminal showed before. */
const control = /(?![\t\v\f\r])\p{Cc}/u;
/** End a line, and so a remark, in JavaScript, Python, C# and others. Git and who reads its diff see one line. */
const lineEnd = /\r(?!$)|[\u2028\u2029]/;
/** What `HEAD` of a repository holds. */
const headContent = /^(?:ref: ?refs\/|[0-9a-f]{40}(?:[0-9a-f]{24})?$)/;

/** What added lines hold that a reader of the diff can't see; and a repository inside the repository that is no link. */
export function judgeCharacters(files: readonly FileDiff[]): readonly Objection[] {
  const having = (holds: (line: string) => boolean): readonly string[] =>
    files.flatMap(({ path, addedLines }) => (path !== null && addedLines.some(holds) ? [path] : []));
  const heads = having((line) => headContent.test(line)).filter((path) => /(?:^|\/)head$/i.test(path));
  return [
    ...ask(
      having((line) => reordering.test(line)),
      'It adds characters that show text in another order than it is read in',
    ),
    ...ask(
      having((line) => invisible.test(line)),
      'It adds characters that nobody sees',
    ),
    ...ask(
      having((line) => control.test(line)),
      'It adds control characters, which a terminal obeys',
    ),
    ...ask(
      having((line) => lineEnd.test(line)),
      'It adds characters that end a line where a compiler reads it and none where people do',
    ),
    ...ask(heads, 'It adds a repository as plain files, which git in that directory would take its settings from'),
  ];
}

function ask(paths: readonly string[], text: string): readonly Objection[] {
  return paths.length === 0 ? [] : [{ verdict: 'hold', text: `${text}: ${listNames([...new Set(paths)])}.` }];
}
