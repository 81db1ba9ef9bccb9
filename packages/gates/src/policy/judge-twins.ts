import { setImmediate } from 'node:timers/promises';
import type { CallOptions, GateInput } from '@baton/core';
import { canonicalPath } from '../text/canonical-path.js';
import { cleanName } from '../text/clean-output.js';
import type { Objection } from './objection.js';

const mostShown = 5;
/** Names of what is added and of the directories on the way there. No change of people has so many, and a person looks at one that has. */
const mostNames = 200_000;
/** Characters of paths that are looked at at a stroke: others get their turn in between. */
const atOnce = 10_000;

/** What goes by one name, below one directory, as file systems without case take both. */
interface Place {
  readonly inner: Map<string, Place>;
  /** Paths up to here as they are written. */
  readonly spellings: Map<string, Spelling>;
}

interface Spelling {
  readonly isThere: boolean;
  readonly isOfBase: boolean;
}

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
  const names = [...fresh].reduce((sum, path) => sum + path.split('/').length, 0);
  if (names > mostNames) {
    const text = `It adds ${names} names, directories on the way included: whether some are those of others on file systems without case is looked at for ${mostNames} at most.`;
    return [{ verdict: 'hold', text }];
  }
  const standing = (await listPaths(call)).filter((path) => !fresh.has(path));
  const gone = changes.flatMap(({ path, oldPath, kind }) => oldPath ?? (kind === 'deleted' ? path : []));
  const root = createPlace();
  await noteEach(fresh, (path) => note(root, path, { isThere: true, isOfBase: false }, createPlace), call);
  // Where nothing is new there is nothing to compare.
  await noteEach(standing, (path) => note(root, path, { isThere: true, isOfBase: true }, () => null), call);
  // What was deleted overwrites nothing, but its directories were there.
  await noteEach(gone, (path) => note(root, path, { isThere: false, isOfBase: true }, () => null), call);
  const pairs: (readonly [string, string])[] = [];
  collectPairs(root, pairs);
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

function createPlace(): Place {
  return { inner: new Map(), spellings: new Map() };
}

async function noteEach(
  paths: Iterable<string>,
  noteOne: (path: string) => void,
  call: CallOptions | undefined,
): Promise<void> {
  let noted = 0;
  for (const path of paths) {
    noteOne(path);
    noted += path.length;
    if (noted < atOnce) continue;
    noted = 0;
    await setImmediate();
    call?.signal?.throwIfAborted();
  }
}

/** Notes a path and every directory on its way, step by step: a path can be as deep as it is long. `make`: null, no further. */
function note(root: Place, path: string, told: Spelling, make: () => Place | null): void {
  let place = root;
  for (let begin = 0; begin < path.length; ) {
    const slash = path.indexOf('/', begin);
    const end = slash === -1 ? path.length : slash;
    for (const name of canonicalPath(path.slice(begin, end)).split('/')) {
      const next = place.inner.get(name) ?? make();
      if (next === null) return;
      place.inner.set(name, next);
      place = next;
    }
    const spelling = path.slice(0, end);
    const known = place.spellings.get(spelling);
    const isThere = told.isThere || known?.isThere === true;
    place.spellings.set(spelling, { isThere, isOfBase: told.isOfBase || known?.isOfBase === true });
    begin = end + 1;
  }
}

/** Of directories and what is in them the latter tells more. Whether there were any. */
function collectPairs({ inner, spellings }: Place, pairs: (readonly [string, string])[]): boolean {
  let found = false;
  for (const each of inner.values()) found = collectPairs(each, pairs) || found;
  if (found) return true;
  const standing = [...spellings].filter(([, { isThere }]) => isThere);
  const [added] = standing.find(([, { isOfBase }]) => !isOfBase) ?? [];
  const [other] = standing.find(([spelling]) => spelling !== added) ?? [];
  if (added === undefined || other === undefined) return false;
  pairs.push([added, other]);
  return true;
}
