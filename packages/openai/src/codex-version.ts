/** The oldest version that was tried. */
export const oldestVersion = '0.160.0';

/** The version in what `codex --version` prints: `codex-cli 0.169.0`. Null: it prints something else. */
export function parseVersion(printed: string): string | null {
  return /\b(\d+\.\d+\.\d+)\S*\s*$/.exec(printed.trim())?.[1] ?? null;
}

/** Whether a version came before the oldest one. */
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

/** What a person does about a program that is missing or too old. */
export const installFix = `Install @openai/codex ${oldestVersion} or newer, set program to where it is, and list the directory that it really stands in under sandbox.readable.`;
