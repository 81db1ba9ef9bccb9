/**
 * A pattern of `*`, `**` and `?`, whose time grows with the lengths of pattern and path and never faster: patterns of
 * people who may write to a repository meet paths that an agent chose, in the daemon's own process, and what is made
 * into a regular expression can then take for ever. What lies below a path that it meets is met too.
 */
export function createGlob(pattern: string): (path: string) => boolean {
  const wanted = segmentsOf(pattern);
  return (path) => meets(wanted, segmentsOf(path));
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

function meets(wanted: readonly string[], path: readonly string[]): boolean {
  if (wanted.length === 0) return false;
  let [at, next] = [0, 0];
  let again: { readonly at: number; readonly next: number } | null = null;
  while (next < wanted.length) {
    const segment = path[at];
    if (wanted[next] === '**') {
      next += 1;
      again = { at, next };
    } else if (segment !== undefined && meetsSegment(wanted[next] ?? '', segment)) {
      at += 1;
      next += 1;
    } else if (again !== null && again.at < path.length) {
      again = { at: again.at + 1, next: again.next };
      ({ at, next } = again);
    } else {
      return false;
    }
  }
  return true;
}

/** By characters, as people count them, and not by UTF-16's units. */
function meetsSegment(wanted: string, name: string): boolean {
  const [pattern, segment] = [Array.from(wanted), Array.from(name)];
  let [at, next] = [0, 0];
  let again: { readonly at: number; readonly next: number } | null = null;
  while (at < segment.length) {
    const sign = pattern[next];
    if (sign === '*') {
      next += 1;
      again = { at, next };
    } else if (sign === '?' || sign === segment[at]) {
      at += 1;
      next += 1;
    } else if (again !== null) {
      again = { at: again.at + 1, next: again.next };
      ({ at, next } = again);
    } else {
      return false;
    }
  }
  while (pattern[next] === '*') next += 1;
  return next === pattern.length;
}
