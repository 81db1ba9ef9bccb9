import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { agentLoop } from './agent-loop.ts';
import type { Benchmark } from './benchmark.ts';
import { crashRecovery } from './crash-recovery.ts';
import { daemonProcess } from './daemon-process.ts';
import { durability } from './durability.ts';
import { type Finding, isMet } from './finding.ts';
import { history } from './history.ts';
import { issuePickup } from './issue-pickup.ts';
import { issueRequests } from './issue-requests.ts';
import { modelCall } from './model-call.ts';
import { networkRequest } from './network-request.ts';
import { openPullRequests } from './open-pull-requests.ts';
import { parallelOpens } from './parallel-opens.ts';
import { pollingRequests } from './polling-requests.ts';
import { relayThroughput } from './relay-throughput.ts';
import { runProgram } from './run-program.ts';
import { renderTable } from './table.ts';
import { verifyChange } from './verify-change.ts';
import { waitingIssues } from './waiting-issues.ts';
import { watchedRepositories } from './watched-repositories.ts';
import { workspaceOpen } from './workspace-open.ts';

const benchmarks: readonly Benchmark[] = [
  workspaceOpen,
  parallelOpens,
  verifyChange,
  relayThroughput,
  openPullRequests,
  daemonProcess,
  history,
  crashRecovery,
  durability,
  agentLoop,
  modelCall,
  networkRequest,
  pollingRequests,
  issueRequests,
  waitingIssues,
  issuePickup,
  watchedRepositories,
];

/** Big trees need so much. */
const roomBytes = 6 * 1024 ** 3;

async function findMemory(): Promise<string | null> {
  const found = await statfs('/dev/shm').catch(() => null);
  return found !== null && found.bavail * found.bsize >= roomBytes ? '/dev/shm' : null;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    directory: { type: 'string' },
  },
});
const unknown = positionals.find((word) => !benchmarks.some(({ name }) => name.startsWith(word)));
const chosen = benchmarks.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.startsWith(word)),
);

async function runAll(signal: AbortSignal): Promise<number> {
  const disk = await mkdtemp(join(values.directory ?? tmpdir(), 'baton-bench-'));
  const shared = values.directory === undefined ? await findMemory() : null;
  const memory = shared === null ? disk : await mkdtemp(join(shared, 'baton-bench-'));
  const describe = async (argv: readonly [string, ...string[]]): Promise<string> =>
    (await runProgram(argv, { cwd: disk, signal })).trim();
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    node: process.version,
    git: await describe(['git', '--version']),
    disk: await describe(['stat', '-f', '-c', '%T', disk]),
    memory: await describe(['stat', '-f', '-c', '%T', memory]),
  };
  const startedAt = new Date();
  const results: { name: string; findings: readonly Finding[]; load: readonly number[]; error: string | null }[] = [];
  try {
    for (const { name, run } of chosen) {
      const place = { disk: join(disk, name), memory: join(memory, name) };
      await mkdir(place.disk, { recursive: true });
      await mkdir(place.memory, { recursive: true });
      const tell = (line: string): void => console.error(`${name}: ${line}`);
      const load = loadavg();
      tell(`load ${load.map((each) => each.toFixed(1)).join(' ')}`);
      try {
        const findings = await run({ quick: values.quick, verbose: values.verbose, ...place, signal, tell });
        results.push({ name, findings, load, error: null });
        console.log(`\n${name}\n${renderTable(findings)}`);
      } catch (error) {
        signal.throwIfAborted();
        const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
        results.push({ name, findings: [], load, error: said });
        console.log(`\n${name}\nfailed: ${said}`);
      } finally {
        for (const path of Object.values(place)) await rm(path, { recursive: true, force: true, maxRetries: 5 });
      }
    }
  } finally {
    for (const path of [disk, memory]) await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
  const folder = join(import.meta.dirname, 'results');
  const file = join(folder, `${startedAt.toISOString().replaceAll(/[:.]/g, '-')}.json`);
  await mkdir(folder, { recursive: true });
  const written = results.map((result) => ({
    ...result,
    findings: result.findings.map((finding) => ({ ...finding, met: isMet(finding) })),
  }));
  const report = { schema: 'baton.bench/v1', startedAt, quick: values.quick, machine, benchmarks: written };
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  const judged = results.flatMap(({ findings }) => findings).map(isMet);
  const failed = results.filter(({ error }) => error !== null).length;
  const missed = judged.filter((met) => met === false).length;
  console.log(
    `\n${judged.filter((met) => met === true).length} ok, ${missed} missed, ${failed} failed to run; ${file}`,
  );
  // A missed goal is a finding. A benchmark that could not measure is a bug.
  return failed > 0 ? 1 : 0;
}

if (unknown !== undefined) {
  console.error(
    `There is no benchmark "${unknown}".\nfix: use one of ${benchmarks.map(({ name }) => name).join(', ')}.`,
  );
  process.exitCode = 2;
} else {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort(new Error(name)));
  try {
    process.exitCode = await runAll(interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 130;
  }
}
