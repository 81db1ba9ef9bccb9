import type { CallOptions, CheckRun, Command, CommandResult, VerifyCheckout, WorkspaceView } from '@baton/core';
import type { ResolvedCommand } from './check-command.js';
import { cleanOutput } from './clean-output.js';
import { parseJunit } from './parse-junit.js';
import { parseTap } from './parse-tap.js';
import type { TestReport } from './test-report.js';

/** What one run of a command gave, and what its evidence can't hold. */
export interface MeasuredRun {
  readonly run: CheckRun;
  /** Why tests failed, by name. */
  readonly messages: ReadonlyMap<string, string>;
  /** Why there is no report where there should be one, as a sentence. */
  readonly reportNote: string | null;
}

type ReadReport = TestReport | { readonly note: string } | null;

const maxReportBytes = 8 * 1024 * 1024;
const maxExcerpt = 3_000;
/** Of our own small commands around a check. */
const housekeepingMs = 30_000;

/** What a check needed first could not be built, so it did not run. */
export interface UnbuiltCheck {
  /** The check that builds it. */
  readonly build: ResolvedCommand;
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** Runs a check once, on a checkout made new for it, after what it needs built. */
export async function runCheck(
  command: ResolvedCommand,
  workspace: VerifyCheckout,
  options: CallOptions | undefined,
): Promise<MeasuredRun | UnbuiltCheck> {
  await workspace.renew(options);
  for (const build of command.builds) {
    const result = await workspace.exec(commandOf(build), options);
    if (result.exitCode !== 0 || result.timedOut) return { ...result, build };
  }
  return await measure(command, workspace, options);
}

function commandOf(command: ResolvedCommand): Command {
  return { argv: ['sh', '-c', command.run], env: command.env, timeoutMs: command.timeoutMs };
}

/** A report that stands in the tree is never taken for the run's own. */
async function measure(
  command: ResolvedCommand,
  workspace: VerifyCheckout,
  options: CallOptions | undefined,
): Promise<MeasuredRun> {
  const file = command.report === null || command.report === 'tap' ? null : command.report;
  const cleared = file === null || (await removeFile(file, workspace, options));
  const result = await workspace.exec(
    {
      ...commandOf(command),
      ...(command.report === 'tap' ? { maxOutputBytes: maxReportBytes } : {}),
    },
    options,
  );
  const report = await readReport(command, result, cleared, workspace, options);
  const parsed = report !== null && 'tests' in report ? report : null;
  return {
    run: {
      exitCode: result.exitCode,
      durationMs: result.durationMs,
      timedOut: result.timedOut,
      tests: parsed?.tests ?? null,
      altered: await workspace.altered(options),
      excerpt: excerptOf(result, parsed, workspace.root),
    },
    messages: parsed?.messages ?? new Map(),
    reportNote: report !== null && 'note' in report ? report.note : null,
  };
}

async function readReport(
  command: ResolvedCommand,
  result: CommandResult,
  cleared: boolean,
  workspace: WorkspaceView,
  options: CallOptions | undefined,
): Promise<ReadReport> {
  if (command.report === null) return null;
  if (result.timedOut) return { note: 'It was cut off, so its report was not read.' };
  if (command.report === 'tap') {
    if (result.truncated) return { note: 'It printed more than is kept, so its TAP could not be read.' };
    return parseTap(result.stdout, workspace.root) ?? { note: 'It printed no TAP that could be read.' };
  }
  if (!cleared) return { note: `\`${command.report}\` could not be removed before the run, so it was not read.` };
  return readJunitFile(command.report, workspace, options);
}

async function readJunitFile(
  path: string,
  workspace: WorkspaceView,
  options: CallOptions | undefined,
): Promise<ReadReport> {
  // Asked before it is read: a command can leave a pipe, or a file that fills the memory.
  const size = await workspace.exec(
    {
      argv: ['sh', '-c', 'test -f "$1" && test ! -L "$1" && wc -c < "$1"', 'sh', `./${path}`],
      timeoutMs: housekeepingMs,
    },
    options,
  );
  if (size.exitCode !== 0) return { note: `It left no report at \`${path}\`.` };
  if (!(Number(size.stdout.trim()) <= maxReportBytes)) return { note: `Its report \`${path}\` is too big to be read.` };
  const bytes = await workspace.readFile(path, options);
  if (bytes === null) return { note: `It left no report at \`${path}\`.` };
  return (
    parseJunit(new TextDecoder().decode(bytes), workspace.root) ?? {
      note: `Its report \`${path}\` is not JUnit that could be read.`,
    }
  );
}

async function removeFile(path: string, workspace: WorkspaceView, options: CallOptions | undefined): Promise<boolean> {
  const { exitCode } = await workspace.exec({ argv: ['rm', '-f', '--', path], timeoutMs: housekeepingMs }, options);
  return exitCode === 0;
}

function excerptOf(result: CommandResult, report: TestReport | null, root: string): string {
  const failed = [...(report?.messages ?? [])].slice(0, 5);
  const text =
    failed.length > 0
      ? failed.map(([name, message]) => `${name}\n${cleanOutput(message, maxExcerpt / 5)}`).join('\n\n')
      : [cleanOutput(result.stdout, maxExcerpt / 2), cleanOutput(result.stderr, maxExcerpt / 2)]
          .filter((part) => part !== '')
          .join('\n');
  return text.replaceAll(`${root}/`, '').slice(0, maxExcerpt);
}
