/** The oldest version that was tried. An older one may not know the options that keep a repository's hooks out. */
export const oldestVersion = '2.1.330';

/** Whether a version, such as `2.1.330`, came before it. */
export function isOlder(version: string): boolean {
  const [found, oldest] = [version, oldestVersion].map((each) =>
    each.split('.').map((part) => Number.parseInt(part, 10)),
  );
  for (const [index, part] of (oldest ?? []).entries()) {
    const other = found?.[index] ?? 0;
    if (other !== part) return other < part;
  }
  return false;
}
