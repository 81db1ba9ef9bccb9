import type { CallOptions, GateInput } from '@baton/core';
import { canonicalPath } from '../text/canonical-path.js';
import { cleanName } from '../text/clean-output.js';
import type { Objection } from './objection.js';

const mostShown = 5;

/**
 * A new name may be that of another file or directory once case, or a form of Unicode, doesn't count: on macOS and
 * Windows a checkout then has one of the two, which the other has overwritten. Twins of the base are nobody's change.
 */
export async function judgeTwins(
  { changes, listPaths }: Pick<GateInput, 'changes' | 'listPaths'>,
  call: CallOptions | undefined,
): Promise<readonly Objection[]> {
  const fresh = new Set(changes.filter(({ kind }) => kind === 'added' || kind === 'renamed').map(({ path }) => path));
  if (fresh.size === 0) return [];
  const standing = (await listPaths(call)).filter((path) => !fresh.has(path));
  const gone = changes.flatMap(({ path, oldPath, kind }) => oldPath ?? (kind === 'deleted' ? path : []));
  const ofBase = spellingsOf([...standing, ...gone]);
  // What was deleted overwrites nothing, but its directories were there.
  const there = bySpelling([...spellingsOf(standing), ...spellingsOf([...fresh])]);
  const pairs: (readonly [string, string])[] = [];
  for (const [canonical, spellings] of there) {
    const added = [...spellings].find((spelling) => !ofBase.has(spelling));
    const other = [...spellings].find((spelling) => spelling !== added);
    if (added === undefined || other === undefined) continue;
    // Of directories and what is in them the latter tells more.
    if (pairs.some(([each]) => canonicalPath(each).startsWith(`${canonical}/`))) continue;
    pairs.push([added, other]);
  }
  if (pairs.length === 0) return [];
  const told = pairs.slice(0, mostShown).map(describe).join(', ');
  const more = pairs.length > mostShown ? ` and ${pairs.length - mostShown} more` : '';
  const text = `It adds names that are those of others on file systems without case or forms of Unicode (macOS, Windows), where one overwrites the other: ${told}${more}.`;
  return [{ verdict: 'hold', text }];
}

function describe([added, other]: readonly [string, string]): string {
  const [left, right] = [cleanName(added, 160), cleanName(other, 160)];
  const isOneToTheEye = left.normalize() === right.normalize();
  return `\`${left}\` beside \`${right}\`${isOneToTheEye ? ' (in another form of Unicode)' : ''}`;
}

/** Every file, and every directory that one lies in, once. */
function spellingsOf(paths: readonly string[]): ReadonlySet<string> {
  const spellings = new Set<string>();
  for (const path of paths) {
    for (let end = path.length; end > 0 && !spellings.has(path.slice(0, end)); end = path.lastIndexOf('/', end - 1)) {
      spellings.add(path.slice(0, end));
    }
  }
  return spellings;
}

/** Longer ones first, so that what lies in a directory comes before it. */
function bySpelling(spellings: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const spelling of spellings.toSorted((left, right) => right.length - left.length)) {
    const canonical = canonicalPath(spelling);
    known.set(canonical, (known.get(canonical) ?? new Set()).add(spelling));
  }
  return known;
}
