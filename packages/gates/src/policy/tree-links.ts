import { posix } from 'node:path';
import type { Change } from '@baton/core';
import type { FileDiff } from '../diff/change-diff.js';
import { canonicalPath } from '../text/canonical-path.js';
import { listNames } from '../text/clean-output.js';
import type { Objection } from './objection.js';

const symlinkMode = '120000';
const gitlinkMode = '160000';

/**
 * What a change does with links: a nested repository is refused, so is a symlink that leads out of the tree or
 * into git's own files; any other new or changed one is for a person to look at.
 */
export function judgeLinks(changes: readonly Change[], files: readonly FileDiff[]): readonly Objection[] {
  const gitlinks = changes.filter(({ mode }) => mode === gitlinkMode);
  const newGitlinks = gitlinks.filter(({ oldMode }) => oldMode !== gitlinkMode);
  const symlinks = changes.filter(({ mode }) => mode === symlinkMode);
  const targets = targetsIn(files);
  const escaping = symlinks.filter(({ path }) => leavesTree(path, targets.get(path) ?? null));
  return [
    ...object('stop', newGitlinks, 'It adds nested repositories (gitlinks)'),
    ...object('stop', escaping, 'It adds symlinks that lead out of the repository'),
    ...object('hold', without(gitlinks, newGitlinks), 'It moves nested repositories to other commits'),
    ...object('hold', without(symlinks, escaping), 'It adds or changes symlinks'),
  ];
}

function object(verdict: Objection['verdict'], changes: readonly Change[], text: string): readonly Objection[] {
  return changes.length === 0 ? [] : [{ verdict, text: `${text}: ${listNames(changes.map(({ path }) => path))}.` }];
}

function without(changes: readonly Change[], others: readonly Change[]): readonly Change[] {
  const without = new Set(others);
  return changes.filter((change) => !without.has(change));
}

/** A symlink's content is its target. The diff tells none of a renamed link whose target stayed. */
function targetsIn(files: readonly FileDiff[]): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap(({ path, addedLines }) =>
      path === null || addedLines.length === 0 ? [] : [[path, addedLines.join('\n')] as const],
    ),
  );
}

function leavesTree(path: string, target: string | null): boolean {
  if (target === null) return false;
  if (posix.isAbsolute(target)) return true;
  const resolved = posix.join(posix.dirname(path), target);
  return resolved === '..' || resolved.startsWith('../') || canonicalPath(resolved).split('/').includes('.git');
}
