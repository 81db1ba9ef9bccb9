import { posix } from 'node:path';
import type { Change } from '@baton/core';

/**
 * Whether a link by which a changed file is read is where tests stand: `tests` to `checks`. Not one that lies among
 * tests, as `test/fixtures/lib` to `src`: by these tests find what they test.
 */
export function isTestBehindLink({ path, alsoAt = [] }: Change, isTest: (path: string) => boolean): boolean {
  const here = path.split('/');
  return alsoAt.some((alias) => {
    if (!isTest(alias)) return false;
    const there = alias.split('/');
    let same = 0;
    while (same < here.length && here.at(-1 - same) === there.at(-1 - same)) same += 1;
    if (same === 0) return true;
    // The link is called as what it leads to, or is the last of these directories.
    const above = there.slice(0, same === here.length ? -same : -same - 1);
    return !isTest([...above, posix.basename(path)].join('/'));
  });
}
