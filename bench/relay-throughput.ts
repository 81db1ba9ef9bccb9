import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { createRepository, type Repository } from './fixtures.ts';
import { compare, interleave, quantile, type Side, spread, timed } from './measure.ts';
import type { RelayReport } from './relay-engine.ts';
import { git, plainGit, runProgram } from './run-program.ts';

const issues = 50;
const slots = 3;
const edit = 'printf "mended\\n" >> README.md';
const check = 'test -s README.md';

/** A folder of issues, each with the label that hands it over. */
async function writeTracker(directory: string): Promise<void> {
  await mkdir(join(directory, 'issues'), { recursive: true });
  for (let number = 1; number <= issues; number += 1) {
    const name = `${String(number).padStart(4, '0')}-mend-the-readme.md`;
    await writeFile(
      join(directory, 'issues', name),
      '---\nlabels: [baton]\nauthor: ada\n---\n# Mend the readme\n\nIt is broken.\n',
    );
  }
}

/** Every branch but `main` of a remote, which is what both sides leave behind. */
async function countBranches(remote: string, signal: AbortSignal): Promise<number> {
  const refs = await git(['for-each-ref', '--format=%(refname)', 'refs/heads'], { cwd: remote, signal });
  return refs.trim().split('\n').length - 1;
}

interface Rig {
  readonly directory: string;
  readonly remote: string;
}

function createRigs({ disk, signal }: BenchmarkContext, repository: Repository) {
  return async <Result>(work: (rig: Rig) => Promise<Result>): Promise<Result> => {
    const directory = join(disk, 'rig');
    const remote = join(directory, 'remote.git');
    await mkdir(directory);
    await cp(repository.path, remote, { recursive: true });
    await runProgram(['sync', '-f', disk], { cwd: disk, signal });
    try {
      const result = await work({ directory, remote });
      const branches = await countBranches(remote, signal);
      if (branches !== issues) throw new Error(`${branches} branches were pushed, and not ${issues}.`);
      return result;
    } finally {
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    }
  };
}

/** Fifty issues whose agent finishes at once, three at a time, against a shell script that does the same work. */
export const relayThroughput: Benchmark = {
  name: 'relay-throughput',
  async run(context) {
    const { disk, quick, signal, tell } = context;
    const repository = await createRepository(disk, 644, context);
    const withRig = createRigs(context, repository);
    const reports: RelayReport[] = [];
    const ours: Side = () =>
      withRig(async ({ directory }) => {
        await writeTracker(join(directory, 'tracker'));
        const script = join(import.meta.dirname, 'relay-engine.ts');
        const argv = [process.execPath, script, directory, String(issues), String(slots), edit, check] as const;
        const report = JSON.parse(await runProgram(argv, { cwd: directory, signal, env: plainGit })) as RelayReport;
        if (report.pullRequests !== issues)
          throw new Error(`${report.pullRequests} pull requests stand, and not ${issues}.`);
        tell(
          `Baton: ${(report.wallMs / 1_000).toFixed(1)} s, ${(report.cpuMs / issues).toFixed(0)} ms of CPU an issue`,
        );
        reports.push(report);
        return report.wallMs;
      });
    const floor =
      (same: '0' | '1'): Side =>
      () =>
        withRig(async ({ directory, remote }) => {
          const script = join(import.meta.dirname, 'floor.sh');
          const argv = ['sh', script, remote, directory, String(issues), String(slots), same] as const;
          const env = { ...plainGit, EDIT: edit, CHECK: check };
          const took = await timed(() => runProgram(argv, { cwd: directory, signal, env }));
          tell(`${same === '0' ? 'floor' : 'script'}: ${(took / 1_000).toFixed(1)} s`);
          return took;
        });
    const rounds = quick ? 2 : 5;
    const values = await interleave({ floor: floor('0'), ours, same: floor('1') }, { rounds, warmUps: quick ? 0 : 1 });
    const counted = reports.slice(-rounds);
    const refills = counted.flatMap(({ refillMs }) => refillMs);
    const cpu = counted.map(({ cpuMs }) => cpuMs / issues);
    const engine = { name: 'Baton', values: values.ours };
    return [
      compare(`${issues} issues, ${slots} at once : floor script`, 1.5, engine, {
        name: 'floor',
        values: values.floor,
      }),
      compare('… : script with a verify checkout and a fetch an issue', null, engine, {
        name: 'script',
        values: values.same,
      }),
      {
        goal: 'a freed slot is filled, p95',
        unit: 'ms',
        measured: quantile(refills, 0.95),
        range: null,
        limit: { rule: 'at most', value: 100 },
        sides: { 'refills, all rounds': spread(refills) },
      },
      {
        goal: 'own CPU an issue',
        unit: 'ms',
        measured: quantile(cpu, 0.5),
        range: { minimum: Math.min(...cpu), maximum: Math.max(...cpu) },
        limit: { rule: 'at most', value: 50 },
        sides: {
          'an issue': spread(cpu),
          'peak memory': spread(
            counted.map(({ peakMemoryBytes }) => peakMemoryBytes / 1024 ** 2),
            'MiB',
          ),
        },
      },
    ];
  },
};
