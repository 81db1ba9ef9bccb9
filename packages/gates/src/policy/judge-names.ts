import type { Change } from '@baton/core';
import { canonicalPath } from '../text/canonical-path.js';
import { listNames } from '../text/clean-output.js';
import type { Objection } from './objection.js';

const deviceNames = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i;
const shortName = /^[^~.]{1,6}~\d{1,6}(?:\.[^.]{0,3})?$/;
const notOnWindows = /[<>:"|?*\\]|[. ]$/;
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * What names of a change would be to other file systems and readers than the one it was made on: a person is asked
 * about those that read as something else there.
 */
export function judgeNames(changes: readonly Change[]): readonly Objection[] {
  const fresh = changes.filter(({ kind }) => kind === 'added' || kind === 'renamed').map(({ path }) => path);
  const having = (holds: (name: string) => boolean): readonly string[] =>
    fresh.filter((path) => path.split('/').some(holds));
  return [
    ...ask(
      having((name) => canonicalPath(name).split('/').includes('.git')),
      "It adds names that are read as git's own directory",
    ),
    ...ask(
      having((name) => unseen.test(name)),
      'It adds names with characters that nobody sees',
    ),
    ...ask(
      having(
        // Bytes that are no UTF-8 are lone surrogates here: Windows has them as other letters, macOS has none.
        (name) => deviceNames.test(name) || shortName.test(name) || notOnWindows.test(name) || !name.isWellFormed(),
      ),
      'It adds names that Windows reads otherwise or refuses',
    ),
  ];
}

function ask(paths: readonly string[], text: string): readonly Objection[] {
  return paths.length === 0 ? [] : [{ verdict: 'hold', text: `${text}: ${listNames(paths)}.` }];
}
