import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createCommandAgent } from '@baton/command-agent';
import type { JobStore, Runtime } from '@baton/core';
import { createBaton, type Project } from '@baton/engine';
import { createCheckGate } from '@baton/gates';
import { createGitWorktrees } from '@baton/git-worktree';
import { createLocal } from '@baton/local';
import { createMemoryAgent, createMemoryStore } from '@baton/memory';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { createSqliteStore } from '@baton/sqlite';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Finding } from './finding.ts';
import { createRepository } from './fixtures.ts';
import { spread } from './measure.ts';
import { createManualRuntime, createMemoryProject, restOfTheTurn } from './memory-project.ts';

const slots = 3;

/** Runs of the agent, by issue, and pull requests that stand. */
interface Tally {
  readonly runs: readonly number[];
  readonly pullRequests: number;
}

/** Keeps the engine going, as the daemon does, until it has polled so often. */
async function watchTicks(options: {
  readonly project: Project;
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly ticks: number;
  /** Lets time pass. */
  readonly pass: () => Promise<void>;
  readonly pollIntervalMs: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { project, store, runtime, ticks, pass, pollIntervalMs, signal } = options;
  const baton = createBaton({ runtime, store, projects: [project], concurrency: slots, pollIntervalMs });
  let polled = 0;
  const following = (async () => {
    for await (const event of baton.events()) if (event.type === 'project-polled') polled += 1;
  })();
  await baton.start();
  while (polled < ticks) {
    signal.throwIfAborted();
    await pass();
  }
  await baton.stop();
  await following;
}

/** In memory and by a clock of its own: the engine alone. */
async function tallyInMemory({ signal }: BenchmarkContext, issues: number, ticks: number): Promise<Tally> {
  const runtime = createManualRuntime(1);
  const store = createMemoryStore({ runtime });
  const runs = new Map<string, number>();
  const agent = createMemoryAgent({
    clock: runtime.clock,
    turns: async ({ prompt, workspace }) => {
      const issue = /mem#\d+/.exec(prompt)?.[0] ?? 'unknown';
      runs.set(issue, (runs.get(issue) ?? 0) + 1);
      await workspace.writeFile('app.txt', `mended for ${issue}\n`);
      return {};
    },
  });
  const { project, source, forge } = createMemoryProject(runtime, agent);
  const keys = Array.from(
    { length: issues },
    () => source.seed({ title: 'Mend it', body: 'It is broken.', labels: ['baton'] }).key,
  );
  await watchTicks({
    ...{ project, store, runtime, ticks, signal, pollIntervalMs: 30_000 },
    pass: async () => {
      await restOfTheTurn();
      runtime.clock.advanceToNext();
    },
  });
  const counted = keys.map((key) => runs.get(key) ?? 0);
  if (runs.has('unknown')) throw new Error('A prompt names no issue.');
  return { runs: counted, pullRequests: forge.pulls().length };
}

/** With git, SQLite, a folder of issues and a program as agent, over the real clock. */
async function tallyOnDisk({ disk, signal }: BenchmarkContext, issues: number, ticks: number): Promise<Tally> {
  const runtime = createSystemRuntime();
  const repository = await createRepository(disk, 20, { signal });
  const log = join(disk, 'runs.txt');
  await writeFile(log, '');
  await cp(repository.path, join(disk, 'remote.git'), { recursive: true });
  await mkdir(join(disk, 'tracker', 'issues'), { recursive: true });
  for (let number = 1; number <= issues; number += 1) {
    const text = `---\nlabels: [baton]\nauthor: ada\n---\n# Mend part-${number}-end\n`;
    await writeFile(join(disk, 'tracker', 'issues', `${String(number).padStart(4, '0')}-mend.md`), text);
  }
  const store = createSqliteStore({ path: join(disk, 'store.db'), runtime });
  const sandbox = createBubblewrapSandbox({ mode: 'off' });
  const local = createLocal({
    ...{ runtime, stateDirectory: join(disk, 'state'), configDirectory: disk },
    ...{ path: join(disk, 'tracker'), remote: join(disk, 'remote.git') },
  });
  const workspaces = createGitWorktrees(
    { setup: null, spares: 1 },
    { stateDirectory: join(disk, 'workspaces'), sandbox, runtime, log: () => {}, mask: (text) => text },
  );
  const run = `grep -o 'part-[0-9]*-end' | head -n 1 >> ${log}; echo mended >> README.md`;
  const { project } = createMemoryProject(createManualRuntime(1), createCommandAgent({ run, clock: runtime.clock }));
  await watchTicks({
    project: {
      ...{ ...project, ...local, workspaces },
      gates: [createCheckGate({ commands: [{ name: 'check', run: 'test -s README.md' }] })],
      sandbox: { ...project.sandbox, sandbox },
    },
    ...{ store, runtime, ticks, signal, pollIntervalMs: 500 },
    pass: () => runtime.clock.sleep(50, { signal }),
  });
  const jobs = await Array.fromAsync(store.list({ phases: ['reviewing'] }));
  await workspaces.close?.();
  await store.close?.();
  const said = (await readFile(log, 'utf8')).trim().split('\n');
  const runs = Array.from({ length: issues }, (_, at) => said.filter((each) => each === `part-${at + 1}-end`).length);
  return { runs, pullRequests: jobs.length };
}

function judge(title: string, { runs, pullRequests }: Tally): readonly Finding[] {
  const sides = { 'runs of an issue': spread(runs, 'count'), 'pull requests': spread([pullRequests], 'count') };
  const base = { unit: 'count', range: null, limit: { rule: 'exactly', value: 1 }, sides } as const;
  return [
    { ...base, goal: `${title}: most runs of one issue`, measured: Math.max(...runs) },
    { ...base, goal: `${title}: fewest runs of one issue`, measured: Math.min(...runs) },
  ];
}

/** Pull requests that nobody merges: how often their issues are worked. */
export const openPullRequests: Benchmark = {
  name: 'open-pull-requests',
  async run(context) {
    const [inMemory, onDisk] = [
      { issues: 40, ticks: 100 },
      { issues: 8, ticks: context.quick ? 30 : 100 },
    ];
    const memory = await tallyInMemory(context, inMemory.issues, inMemory.ticks);
    const disk = await tallyOnDisk(context, onDisk.issues, onDisk.ticks);
    return [
      ...judge(`${inMemory.issues} issues, ${inMemory.ticks} ticks, in memory`, memory),
      ...judge(`${onDisk.issues} issues, ${onDisk.ticks} ticks, git and SQLite`, disk),
    ];
  },
};
