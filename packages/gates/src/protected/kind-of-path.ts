import picomatch from 'picomatch';
import { canonicalPath } from '../text/canonical-path.js';
import { type ProtectedKindName, protectedKindNames, protectedKinds } from './protected-kinds.js';

interface Matcher {
  readonly kind: ProtectedKindName;
  readonly lax: (path: string) => boolean;
  readonly exact: (path: string) => boolean;
}

/** The kind of a path, or null where it is ordinary code. */
export type KindOfPath = (path: string) => ProtectedKindName | null;

/** Made of some hundred regular expressions: by what uses it, and once. */
export function createKindOfPath(): KindOfPath {
  const matchers = protectedKindNames.map((kind): Matcher => {
    const patterns = protectedKinds[kind].entries.flatMap(({ paths }) => paths);
    const exact = patterns.filter((pattern) => pattern.startsWith('='));
    return {
      kind,
      lax: picomatch(
        patterns.filter((pattern) => !exact.includes(pattern)),
        { dot: true },
      ),
      exact:
        exact.length === 0
          ? () => false
          : picomatch(
              exact.map((pattern) => pattern.slice(1)),
              { dot: true },
            ),
    };
  });
  return (path) => {
    const canonical = canonicalPath(path);
    return matchers.find(({ lax, exact }) => lax(canonical) || exact(path))?.kind ?? null;
  };
}
