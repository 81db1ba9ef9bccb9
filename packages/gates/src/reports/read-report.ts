import { maskDeep } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type CommandResult, formatBytes, type WorkspaceView } from '@baton/core';
import picomatch from 'picomatch';
import { cleanName } from '../text/clean-output.js';
import { neither, parseReport } from './parse-report.js';
import { noTap, parseTap } from './parse-tap.js';
import { createReadingPace, type ReadingPace, ReadTooLong } from './reading-pace.js';
import { collectTests, type ParsedReport, type ReportProblem, type TestReport } from './test-report.js';

/** Of all the reports of one run, and of each stream of what a command prints. */
export const maxReportBytes = 16 * 1024 * 1024;

const maxFiles = 2_000;
/** Files told of in one command: names can be long, and a command line has an end. */
const filesAtOnce = 200;
const maxListBytes = 4 * 1024 * 1024;
const housekeepingMs = 30_000;
/** The longest that are taken are read in a minute or two; what takes longer was made for it. */
export const maxReadingMs = 300_000;
const tooSlow: ReportProblem = { problem: `takes more than ${maxReadingMs / 1_000} s to be read` };

/** Files of the checkout that a command's `report` names. */
export interface ReportFiles {
  /** Takes away what an earlier run or the change itself left. False where that could not be done. */
  clear(): Promise<boolean>;
  /** What the run left; `note` is a sentence on why it can't be read. */
  read(): Promise<TestReport | { readonly note: string }>;
}

/** Where reports are read, and how. */
export interface ReportReading {
  readonly workspace: WorkspaceView;
  /** Applied to their text, and once more to what was escaped in it, before any of it is cut. */
  readonly mask: (text: string) => string;
  readonly options: CallOptions | undefined;
}

/** `pattern`: a path, or a glob of picomatch. */
export function reportFiles(pattern: string, { workspace, mask, options }: ReportReading): ReportFiles {
  const run = (argv: readonly [string, ...string[]]): Promise<CommandResult> =>
    workspace.exec({ argv, timeoutMs: housekeepingMs, maxOutputBytes: maxListBytes }, options);
  const { base, isGlob } = picomatch.scan(pattern);
  const list = async (): Promise<readonly string[] | ReportProblem> => {
    if (!isGlob) return [pattern];
    const skipped = ['(', '-name', '.git', '-o', '-name', 'node_modules', ')', '-prune'];
    const told = await run(['find', `./${base}`, ...skipped, '-o', '-type', 'f', '-print0']);
    if (told.truncated) return { problem: `stands among more files than are looked through` };
    const matches = picomatch(pattern, { dot: true });
    const found = told.stdout
      .split('\0')
      .map((path) => path.replace(/^(?:\.\/)+/, ''))
      .filter((path) => path !== '' && matches(path));
    if (found.length > maxFiles) return { problem: `matches ${found.length} files; ${maxFiles} are read` };
    return found.sort();
  };
  /** What stood there before the run and could stay: where a run doesn't write it anew, it tells nothing of that run. */
  let stale: ReadonlyMap<string, string> = new Map();
  return {
    async clear() {
      const paths = await list();
      if ('problem' in paths) return false;
      for (const some of inParts(paths)) {
        const left = isGlob ? await reportsAmong(some, run) : some;
        if (left.length === 0) continue;
        const { exitCode } = await run(['rm', '-f', '--', ...left.map((path) => `./${path}`)]);
        if (exitCode !== 0) return false;
      }
      const left = isGlob ? await list() : [];
      if ('problem' in left) return false;
      stale = await digestsOf(left, run);
      return true;
    },
    async read() {
      const paths = await list();
      if ('problem' in paths) return { note: `Its report \`${pattern}\` ${paths.problem}.` };
      const digests = await digestsOf(
        paths.filter((path) => stale.has(path)),
        run,
      );
      const written = paths.filter((path) => !stale.has(path) || stale.get(path) !== digests.get(path));
      const sizes = await measure(written, run);
      if (sizes.length === 0) return { note: `It left no report at \`${pattern}\`.` };
      if (sizes.reduce((sum, { bytes }) => sum + bytes, 0) > maxReportBytes) {
        return {
          note: `Its report \`${pattern}\` is too big to be read: more than ${formatBytes(maxReportBytes)}.`,
        };
      }
      const parsed: ParsedReport[] = [];
      const problems: string[] = [];
      const pace = createReadingPace(maxReadingMs, options?.signal);
      for (const { path } of sizes) {
        const report = await parseFile(path, { workspace, mask, options }, pace);
        if (!('problem' in report)) parsed.push(inFile(report, isGlob ? path : ''));
        // A pattern may take in pages and images that stand beside the reports.
        else if (!isGlob || report.problem !== neither) problems.push(`\`${cleanName(path, 160)}\` ${report.problem}.`);
      }
      const [problem] = problems;
      if (parsed.length === 0) return { note: `Its report ${problem ?? `\`${pattern}\` is neither JUnit nor TAP.`}` };
      const cut = problem === undefined ? [] : [{ reported: [], incomplete: `Of its reports ${problem}` }];
      const report = collectTests([...parsed, ...cut], workspace.root);
      return 'problem' in report ? { note: `Its report \`${pattern}\` ${report.problem}.` } : report;
    },
  };
}

/** Reads TAP that a command printed. */
export async function readPrintedTap(
  result: CommandResult,
  root: string,
  options: CallOptions | undefined,
): Promise<TestReport | { readonly note: string }> {
  if (result.truncated) return { note: 'It printed more than is kept, so its TAP could not be read.' };
  const parsed = await parseTap(result.stdout, createReadingPace(maxReadingMs, options?.signal)).catch(
    (error: unknown) => {
      if (error instanceof ReadTooLong) return tooSlow;
      throw error;
    },
  );
  if ('problem' in parsed) {
    const { problem } = parsed;
    return {
      note: problem === noTap ? 'It printed no TAP that could be read.' : `The TAP that it printed ${problem}.`,
    };
  }
  const report = collectTests([parsed], root);
  return 'problem' in report ? { note: `The TAP that it printed ${report.problem}.` } : report;
}

type Run = (argv: readonly [string, ...string[]]) => Promise<CommandResult>;

/** A pattern can take in sources that a run needs: only what would be read as a report has to go before it. */
async function reportsAmong(paths: readonly string[], run: Run): Promise<readonly string[]> {
  const signs = '<testsuites?([[:space:]/>]|$)|^TAP version|^1\\.\\.[0-9]|^(not )?ok( |$)';
  const { stdout } = await run(['grep', '-lE', '-e', signs, '--', ...paths.map((path) => `./${path}`)]);
  const told = new Set(stdout.split('\n').map((line) => line.replace(/^\.\//, '')));
  return paths.filter((path) => told.has(path));
}

/** Digests of regular files, by path. */
async function digestsOf(paths: readonly string[], run: Run): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const some of inParts(paths)) {
    const { stdout } = await run(['sha256sum', '--zero', '--', ...some.map((path) => `./${path}`)]);
    for (const line of stdout.split('\0')) {
      const [, digest, path] = /^([0-9a-f]{64}) [ *]\.\/(.*)$/s.exec(line) ?? [];
      if (digest !== undefined && path !== undefined) found.set(path, digest);
    }
  }
  return found;
}

/** Regular files and their sizes, asked before any is read: a command can leave a pipe, or a file that fills the memory. */
async function measure(
  paths: readonly string[],
  run: Run,
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const found: { path: string; bytes: number }[] = [];
  const script = 'for file; do if test -f "$file" && test ! -L "$file"; then wc -c < "$file"; else echo none; fi; done';
  for (const some of inParts(paths)) {
    const { stdout } = await run(['sh', '-c', script, 'sh', ...some.map((path) => `./${path}`)]);
    const sizes = stdout.trim().split('\n');
    for (const [index, path] of some.entries()) {
      const size = sizes[index]?.trim() ?? '';
      if (/^\d+$/.test(size)) found.push({ path, bytes: Number(size) });
    }
  }
  return found;
}

async function parseFile(
  path: string,
  { workspace, mask, options }: ReportReading,
  pace: ReadingPace,
): Promise<ParsedReport | ReportProblem> {
  try {
    const bytes = await workspace.readFile(path, options);
    return bytes === null ? { problem: 'is gone' } : maskDeep(await parseReport(bytes, mask, pace), mask);
  } catch (error) {
    if (error instanceof ReadTooLong) return tooSlow;
    // One of its directories is a link that leads out of the checkout.
    if (BatonError.is(error, 'PERMISSION_DENIED')) return { problem: 'does not lie in the checkout' };
    throw error;
  }
}

/** Two modules have a class of one name: the directory of the report tells them apart. */
function inFile(report: ParsedReport, path: string): ParsedReport {
  const directory = path.split('/').slice(0, -1).join('/');
  return { ...report, reported: report.reported.map((each) => ({ ...each, places: [directory, ...each.places] })) };
}

function inParts<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / filesAtOnce) }, (_each, part) =>
    items.slice(part * filesAtOnce, (part + 1) * filesAtOnce),
  );
}
