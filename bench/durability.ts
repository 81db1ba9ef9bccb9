import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobStore, Runtime } from '@baton/core';
import { createBaton } from '@baton/engine';
import { createMemoryAgent, createMemoryStore } from '@baton/memory';
import { createSqliteStore } from '@baton/sqlite';
import type { Benchmark } from './benchmark.ts';
import { compare, interleave, quantile, type Side, spread, timed } from './measure.ts';
import { createManualRuntime, createMemoryProject } from './memory-project.ts';

const issues = 50;
const writes = 100;

/** Works some issues to their pull requests with nothing but a store that may be real. Milliseconds for each record. */
async function workIssues(makeStore: (runtime: Runtime) => JobStore, series: number): Promise<number> {
  const runtime = createManualRuntime(series);
  const kept = makeStore(runtime);
  let records = 0;
  const store: JobStore = {
    ...kept,
    async record(lease, change, call) {
      records += 1;
      return kept.record(lease, change, call);
    },
  };
  const agent = createMemoryAgent({
    clock: runtime.clock,
    turns: async ({ workspace }) => {
      await workspace.writeFile('app.txt', 'mended\n');
      return { summary: 'Mended app.txt.' };
    },
  });
  const { project, source, forge } = createMemoryProject(runtime, agent);
  for (let issue = 0; issue < issues; issue += 1) source.seed({ title: 'Mend it', body: 'Broken.', labels: ['baton'] });
  const baton = createBaton({ runtime, store, projects: [project] });
  const took = await timed(() => baton.runOnce());
  await baton.stop();
  await kept.close?.();
  if (forge.pulls().length !== issues) throw new Error(`${forge.pulls().length} of ${issues} were handed in.`);
  return took / records;
}

/** Milliseconds that the disk takes to have a few kilobytes for good: what no record can be faster than. */
async function writeForGood(path: string): Promise<number> {
  const file = await open(path, 'w');
  const took = await timed(async () => {
    for (let write = 0; write < writes; write += 1) {
      await file.write(Buffer.alloc(4_096, write));
      await file.datasync();
    }
  });
  await file.close();
  return took / writes;
}

/** What it costs that nothing is forgotten. */
export const durability: Benchmark = {
  name: 'durability',
  async run({ disk, quick }) {
    const memory: Side = (round) => workIssues((runtime) => createMemoryStore({ runtime }), 100 + round);
    const sqlite: Side = (round) =>
      workIssues((runtime) => createSqliteStore({ path: join(disk, `${round}.db`), runtime }), 200 + round);
    const written: Side = (round) => writeForGood(join(disk, `${round}.bytes`));
    const values = await interleave({ sqlite, memory, written }, { rounds: quick ? 3 : 15, warmUps: 2 });
    const more = values.sqlite.map((value, round) => value - (values.memory[round] ?? Number.NaN));
    return [
      {
        goal: 'durability: more than a store in memory, for each step that is recorded',
        unit: 'ms',
        measured: quantile(more, 0.5),
        range: { minimum: Math.min(...more), maximum: Math.max(...more) },
        limit: { rule: 'at most', value: 2 },
        sides: { 'SQLite on the disk': spread(values.sqlite), 'in memory': spread(values.memory) },
      },
      compare(
        'durability: each step : 4 KiB that are on the disk',
        null,
        { name: 'SQLite on the disk', values: values.sqlite },
        { name: '4 KiB', values: values.written },
      ),
    ];
  },
};
