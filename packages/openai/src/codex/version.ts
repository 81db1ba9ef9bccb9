/** The oldest version that was tried. */
export const oldestVersion = '0.160.0';

/** The version in what `codex --version` prints: `codex-cli 0.169.0`. Null: it prints something else. */
export function parseVersion(printed: string): string | null {
  return /\b(\d+\.\d+\.\d+)\S*\s*$/.exec(printed.trim())?.[1] ?? null;
}

/** Whether a version came before the oldest one. */
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

/** What a person does about a program that is missing or too old. */
export const installFix = `Install @openai/codex ${oldestVersion} or newer, set program to where it is, and list the directory that it really stands in under sandbox.readable.`;
