/** The oldest version that was tried. An older one may not know the options that keep a repository's hooks out. */
export const oldestVersion = '2.1.330';

/** Whether a version, such as `2.1.330`, came before it. */
export function isOlder(version: string): boolean {
  const found = numbersOf(version);
  for (const [index, oldest] of numbersOf(oldestVersion).entries()) {
    const other = found[index] ?? 0;
    if (other !== oldest) return other < oldest;
  }
  return false;
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}
