/** What Baton knows of a program as it is released. */
export interface ProgramRelease {
  /** What a diagnosis of it is called. */
  readonly check: string;
  /** As people call it: `Codex`. */
  readonly name: string;
  /** The package of npm that it comes in. */
  readonly package: string;
  /** The oldest version that was tried. Null: any is taken. */
  readonly oldest: string | null;
  /** Where a turn learns the version: it asks before the first of a session, or hears it in each. */
  readonly told: 'before' | 'within';
  /** Added to its environment when it is asked for its version. */
  readonly env: Readonly<Record<string, string>>;
  /** The version in what `--version` prints. Null: it prints something else. */
  parseVersion(printed: string): string | null;
}

/** Whether a version, such as `2.1.330`, came before the oldest that is taken. */
export function isOlder(version: string, oldest: string | null): boolean {
  if (oldest === null) return false;
  const found = numbersOf(version);
  for (const [index, least] of numbersOf(oldest).entries()) {
    const other = found[index] ?? 0;
    if (other !== least) return other < least;
  }
  return false;
}

/** What a person does about a program that is missing or too old. */
export function installFix(release: ProgramRelease): string {
  const oldest = release.oldest === null ? '' : ` ${release.oldest} or newer`;
  return `Install ${release.package}${oldest}, set program to where it is, and list the directory that it really stands in under sandbox.readable.`;
}

/** What is wrong with a version, or null. */
export function findAge(version: string, { name, oldest }: ProgramRelease): string | null {
  return isOlder(version, oldest) ? `${name} ${version} is too old: Baton needs ${oldest} or newer.` : null;
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}
