import picomatch from 'picomatch';
import { canonicalPath } from '../text/canonical-path.js';
import { protectedKindNames, protectedKinds } from './protected-kinds.js';

/**
 * Where programs and modules are looked for by name, nearest first. Not what tools keep below `node_modules` for
 * themselves, in directories that begin with a dot.
 */
const foundByName = ['**/node_modules/.bin/**', '**/node_modules/[^.]*/**', '**/{vendor,.venv,venv}/bin/**'];

/**
 * Tells files by which a check can be steered wherever they come from: settings of what runs it, and programs that it
 * finds by their names. Not the caches of these, which every build writes. Made of some hundred regular expressions:
 * by what uses it, and once.
 */
export function createSteeringFiles(): (path: string) => boolean {
  const patterns = protectedKindNames
    .map((name) => protectedKinds[name])
    .filter(({ steersChecks }) => steersChecks === 'by-file')
    .flatMap(({ entries }) => entries.filter((each) => each.of !== 'caches').flatMap(({ paths }) => paths));
  const exact = patterns.filter((pattern) => pattern.startsWith('='));
  const lax = picomatch([...patterns.filter((pattern) => !exact.includes(pattern)), ...foundByName], { dot: true });
  const strict = picomatch(
    exact.map((pattern) => pattern.slice(1)),
    { dot: true },
  );
  return (path) => lax(canonicalPath(path)) || strict(path);
}
