import { BatonError } from '@baton/core';

/** One check: the operator's own words, never the repository's or an issue's. */
export interface CheckCommand {
  /** As it stands in the evidence. Unique within the gate. */
  readonly name: string;
  /** Run by `sh -c` in the workspace's root. */
  readonly run: string;
  /** Default: 15 minutes. Past it every process of the command is killed. */
  readonly timeoutMs?: number;
  /**
   * `tap`: the command prints TAP on standard output. Anything else: where it leaves JUnit or TAP files, relative
   * to the root, as a path or a glob (picomatch; not below `node_modules`). At most 2,000 files, 16 MiB and 100,000
   * tests are read. Default: no report, so that only exit codes are compared.
   */
  readonly report?: string;
  /**
   * Another check that builds what this one needs: it is run first, anew, in the same checkout. Default: none, so
   * that the command sees the tree and what the setup made, and nothing of other checks.
   */
  readonly after?: string;
  /** Added to the command's environment. Default: `CI=true` alone, which these may replace. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A command with its defaults filled in. */
export type ResolvedCommand = Required<Omit<CheckCommand, 'report' | 'after'>> & {
  readonly report: string | null;
  /** What is run before it in its checkout, first things first. */
  readonly builds: readonly ResolvedCommand[];
};

const defaultTimeoutMs = 15 * 60_000;

/** Fills in defaults. `CONFIG_INVALID` where a command can't be meant so. */
export function resolveCommands(commands: readonly CheckCommand[]): readonly ResolvedCommand[] {
  if (commands.length === 0) {
    throw invalid('commands', 'A check gate needs at least one command.', 'Name one, or leave the gate out.');
  }
  const resolved = new Map<string, ResolvedCommand>();
  commands.forEach((command, index) => {
    const at = `commands[${index}]`;
    if (command.name.trim() === '') throw invalid(`${at}.name`, 'A check has no name.', 'Give it one.');
    if (commands.findIndex(({ name }) => name === command.name) !== index) {
      throw invalid(`${at}.name`, `Two checks are named "${command.name}".`, 'Give each a name of its own.');
    }
    if (command.run.trim() === '') {
      throw invalid(`${at}.run`, `The check "${command.name}" runs nothing.`, 'Write the command.');
    }
    const timeoutMs = command.timeoutMs ?? defaultTimeoutMs;
    if (!(timeoutMs > 0)) {
      throw invalid(`${at}.timeoutMs`, `The time limit of "${command.name}" isn't above zero.`, 'Set a longer one.');
    }
    const report = command.report?.replace(/^(?:\.\/)+/, '') ?? null;
    if (report !== null && (report === '' || report.startsWith('/') || report.split('/').includes('..'))) {
      throw invalid(
        `${at}.report`,
        `The report of "${command.name}" is not a path inside the repository.`,
        'Write `tap`, or a path or glob of JUnit or TAP files relative to the root of the repository.',
      );
    }
    const builder = command.after === undefined ? null : resolved.get(command.after);
    if (builder === undefined) {
      throw invalid(
        `${at}.after`,
        `"${command.name}" is to run after "${command.after}", and no check before it has that name.`,
        'Name a check that stands above it.',
      );
    }
    resolved.set(command.name, {
      name: command.name,
      run: command.run,
      timeoutMs,
      report,
      builds: builder === null ? [] : [...builder.builds, builder],
      env: { CI: 'true', ...command.env },
    });
  });
  return [...resolved.values()];
}

function invalid(setting: string, message: string, fix: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', message, { details: { setting }, adapter: 'checks', fix });
}
