import type { CallOptions, CheckRun, Command, CommandResult, OutputSummary, VerifyCheckout } from '@baton/core';
import { readSummaries } from '../output/read-summaries.js';
import { maxReadingMs, maxReportBytes, type ReportFiles, readPrintedTap, reportFiles } from '../reports/read-report.js';
import { createReadingPace, ReadTooLong } from '../reports/reading-pace.js';
import type { TestReport } from '../reports/test-report.js';
import { cleanOutput, listNames } from '../text/clean-output.js';
import type { ResolvedCommand } from './check-command.js';
import { findMade, findOverwritten, listStanding } from './overwritten-files.js';

/** What one run of a command gave, and what its evidence can't hold. */
export interface MeasuredRun {
  readonly run: CheckRun;
  /** Why tests failed, by name. */
  readonly messages: ReadonlyMap<string, string>;
  /** Why there is no report where there should be one, as a sentence. */
  readonly reportNote: string | null;
  /** What can't be told of the run, as sentences. */
  readonly notes: readonly string[];
  /** What the setup made and the run didn't see, as a sentence: it may be why it is red. Null where it is green. */
  readonly unseenNote: string | null;
}

/** How a check is run. */
export interface RunRules {
  /** Takes secrets out of what it printed and reported. */
  readonly mask: (text: string) => string;
  /**
   * Whether it is told which files its builds overwrote that stood there before, whatever made them, and which new ones
   * steer it. Only beside a run on the base it tells anything: many builds write some of them.
   */
  readonly watchesBuilds: boolean;
}

type ReadReport = TestReport | { readonly note: string } | null;

const maxExcerpt = 3_000;

/** What a check needed first could not be built, so it did not run. */
export interface UnbuiltCheck {
  /** The check that builds it. */
  readonly build: ResolvedCommand;
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/**
 * Runs a check once, on a checkout made new for it, after what it needs built. What it printed and reported goes through
 * `mask` before it is cut. Of what builds overwrote is told what the check found so, and may have put back.
 */
export async function runCheck(
  command: ResolvedCommand,
  workspace: VerifyCheckout,
  { mask, watchesBuilds }: RunRules,
  options: CallOptions | undefined,
): Promise<MeasuredRun | UnbuiltCheck> {
  await workspace.renew(options);
  const { builds } = command;
  if (builds.length === 0) return await measure(command, workspace, mask, options);
  const before = watchesBuilds ? await listStanding(workspace, options) : null;
  for (const build of builds) {
    const result = await workspace.exec(commandOf(build), options);
    if (result.exitCode !== 0 || result.timedOut) return { ...result, build };
  }
  const now = before === null ? null : await listStanding(workspace, options);
  const overwritten = before === null || now === null ? [] : findOverwritten(before, now);
  const made = before === null || now === null ? [] : await findMade(before, now, options);
  const altered = [...overwritten, ...(await workspace.altered(options))];
  const measured = await measure(command, workspace, mask, options);
  return {
    ...measured,
    run: {
      ...measured.run,
      altered: [...new Set([...altered, ...measured.run.altered])].sort(),
      ...(made.length === 0 ? {} : { made }),
    },
    notes: watchesBuilds && now === null ? [...measured.notes, untold] : measured.notes,
  };
}

const untold = "Whether what it needs built overwrote what the setup made can't be told: `find` has no `-printf` here.";

function commandOf(command: ResolvedCommand): Command {
  return { argv: ['sh', '-c', command.run], env: command.env, timeoutMs: command.timeoutMs };
}

/** A report that stands in the tree is never taken for the run's own. */
async function measure(
  command: ResolvedCommand,
  workspace: VerifyCheckout,
  mask: (text: string) => string,
  options: CallOptions | undefined,
): Promise<MeasuredRun> {
  const { report: wanted } = command;
  const files = wanted === null || wanted === 'tap' ? null : reportFiles(wanted, { workspace, mask, options });
  const cleared = files === null || (await files.clear());
  const printed = await workspace.exec({ ...commandOf(command), maxOutputBytes: maxReportBytes }, options);
  // Before anything else looks at the files of the run.
  const restored = await workspace.restored(options);
  const result = { ...printed, stdout: mask(printed.stdout), stderr: mask(printed.stderr) };
  const summary = await summaryOf(result, options);
  const report = await readReport(command, result, { files, cleared, root: workspace.root, options });
  const parsed = report !== null && 'tests' in report ? report : null;
  const { unseen, outdated, ofChange } = await workspace.setupProducts(options);
  return {
    run: {
      exitCode: result.exitCode,
      durationMs: result.durationMs,
      timedOut: result.timedOut,
      tests: parsed?.tests ?? null,
      altered: await workspace.altered(options),
      ...(restored.length === 0 ? {} : { restored }),
      ...(parsed !== null && parsed.incomplete !== null ? { incomplete: parsed.incomplete } : {}),
      ...(outdated.length === 0 ? {} : { outdated }),
      ...(ofChange ? { setupOfChange: true } : {}),
      ...(summary === null ? {} : { summary }),
      excerpt: excerptOf(result, parsed, workspace.root),
    },
    messages: parsed?.messages ?? new Map(),
    reportNote: report !== null && 'note' in report ? report.note : null,
    notes: [],
    unseenNote: result.exitCode === 0 || unseen.length === 0 ? null : describeUnseen(unseen),
  };
}

/** What takes too long to be read was made for it, and is taken as cut. */
async function summaryOf(result: CommandResult, options: CallOptions | undefined): Promise<OutputSummary | null> {
  try {
    return await readSummaries(result, createReadingPace(maxReadingMs, options?.signal));
  } catch (error) {
    if (error instanceof ReadTooLong) return { failed: 0, runners: [], cut: true };
    throw error;
  }
}

/** The setup runs on the base: what it made of sources would stand in for the change. */
function describeUnseen(paths: readonly string[]): string {
  const which = `${listNames(paths)} of the setup ${paths.length === 1 ? "isn't" : "aren't"} there for checks`;
  return `${which}, which see its dependencies alone: build it in a check that others name by \`after\`, or, where no source is in it, name it in \`workspace.setup.keep\`.`;
}

async function readReport(
  command: ResolvedCommand,
  result: CommandResult,
  {
    files,
    cleared,
    root,
    options,
  }: {
    readonly files: ReportFiles | null;
    readonly cleared: boolean;
    readonly root: string;
    readonly options: CallOptions | undefined;
  },
): Promise<ReadReport> {
  if (command.report === null) return null;
  if (result.timedOut) return { note: 'It was cut off, so its report was not read.' };
  if (files === null) return await readPrintedTap(result, root, options);
  if (!cleared) return { note: `\`${command.report}\` could not be removed before the run, so it was not read.` };
  return await files.read();
}

function excerptOf(result: CommandResult, report: TestReport | null, root: string): string {
  const failed = [...(report?.messages ?? [])].slice(0, 5);
  const text =
    failed.length > 0
      ? failed.map(([name, message]) => `${name}\n${cleanOutput(message, maxExcerpt / 5)}`).join('\n\n')
      : [cleanOutput(result.stdout, maxExcerpt / 2), cleanOutput(result.stderr, maxExcerpt / 2)]
          .filter((part) => part !== '')
          .join('\n');
  return text.replaceAll(`${root}/`, '').slice(0, maxExcerpt).toWellFormed();
}
