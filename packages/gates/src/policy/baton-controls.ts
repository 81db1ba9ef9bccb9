import type { Change } from '@baton/core';
import picomatch from 'picomatch';
import { readPaths } from '../diff/change-paths.js';
import { canonicalPath } from '../text/canonical-path.js';
import { listNames } from '../text/clean-output.js';
import type { Objection } from './objection.js';

/**
 * What Baton itself is run by, wherever it stands: its configuration, which names commands and adapters that run on
 * the daemon's machine, and the folder of the local tracker, which says who may set work going. Patterns of
 * picomatch, dot files included.
 */
const batonControls = ['**/baton.config.*', '**/.baton.{yaml,yml}', '**/.baton.{yaml,yml}/**', '**/.baton/**'] as const;

const isKnownControl = picomatch([...batonControls], { dot: true });

/**
 * A change of what Baton is run by is refused, whatever is configured: once merged it would decide what runs on the
 * daemon's machine, and how the next change is judged. `others`: further ones, files or folders with all that is below them, as paths from the
 * repository's root. What stands where a folder above one belongs is in its place, and so is refused too.
 */
export function judgeControls(changes: readonly Change[], others: readonly string[]): readonly Objection[] {
  const named = others.map(canonicalPath);
  const touched = readPaths(changes).flatMap(({ path, name }) => {
    const canonical = canonicalPath(path);
    const isControl =
      isKnownControl(canonical) || named.some((each) => isWithin(canonical, each) || isWithin(each, canonical));
    return isControl ? [name] : [];
  });
  if (touched.length === 0) return [];
  const text = `It changes what Baton itself is run by, which only people may: ${listNames(touched)}.`;
  return [{ verdict: 'stop', text }];
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
