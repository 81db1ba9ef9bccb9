import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { type Job, type JobStore, type JournalEntry, openPhases } from '@baton/core';
import { createBaton } from '@baton/engine';
import { createMemoryAgent, createMemoryStore } from '@baton/memory';
import { createSqliteStore } from '@baton/sqlite';
import type { Benchmark } from './benchmark.ts';
import { batonFile, startStaying, writeConfig } from './daemon-process.ts';
import { createRepository } from './fixtures.ts';
import { compare, interleave, type Side } from './measure.ts';
import { createManualRuntime, createMemoryProject, restOfTheTurn } from './memory-project.ts';

const inFlight = 100;
const endedJobs = 1_000;
/** Lines of journal over all jobs. */
const journalLines = 1_000_000;

/** A job as a crash leaves it, with its agent at work, and its journal: what every stored one is a copy of. */
async function makePattern(): Promise<{ readonly job: Job; readonly journal: readonly JournalEntry[] }> {
  const runtime = createManualRuntime(1);
  const store = createMemoryStore({ runtime });
  const agent = createMemoryAgent({ turns: () => new Promise(() => {}) });
  const { project, source } = createMemoryProject(runtime, agent);
  source.seed({ title: 'Mend it', body: 'It is broken. '.repeat(40), labels: ['baton'] });
  const baton = createBaton({ runtime, store, projects: [project] });
  await baton.start();
  for (let look = 0; look < 1_000; look += 1) {
    await restOfTheTurn();
    for await (const job of store.list({ phases: ['working'] })) {
      const journal = await Array.fromAsync(store.journal(job.id, 0));
      await baton.stop('now');
      return { job, journal };
    }
  }
  throw new Error('No job came to be worked.');
}

/** Stores the history, and then the jobs that were in flight. */
async function fill(store: JobStore): Promise<void> {
  const { job, journal } = await makePattern();
  const worker = 'filler';
  await using _stay = await store.join(worker);
  const linesEach = Math.ceil(journalLines / (endedJobs + inFlight));
  const entries = Array.from({ length: linesEach }, (_, line) => journal[line % journal.length]).flatMap(
    (entry) => entry ?? [],
  );
  for (let number = 0; number < endedJobs + inFlight; number += 1) {
    const isOpen = number >= endedJobs;
    const id = `j${number.toString(36).padStart(7, '0')}`;
    const { requestHash, project, priority, data, attempt, round } = job;
    const names = { dedupeKey: `${project}/local/${number}`, branch: `baton/issue-${number}` };
    const issue = { issueKey: `local:${number}`, issueCreatedAt: number };
    await store.enqueue({ id, requestHash, project, priority, data, ...issue, ...names, supersedes: null });
    const caps = { total: 1, byProject: { [project]: 1 } };
    const lease = await store.claim({ worker, leaseMs: 60_000, caps, job: id });
    if (lease === null) throw new Error(`${id} could not be claimed.`);
    const ending = isOpen
      ? ({ phase: 'working', outcome: null } as const)
      : ({ phase: 'done', outcome: 'merged' } as const);
    const state = { requestHash, project, priority, data, attempt, round, wait: null, wakeAt: 0, ...ending };
    await store.release(await store.record(lease, { entries, state, consumed: [] }));
  }
}

/** What a start after a crash takes longer than the first one of all. */
export const crashRecovery: Benchmark = {
  name: 'crash-recovery',
  async run(context) {
    const { disk, quick, signal, tell } = context;
    await createRepository(disk, 20, { signal });
    await mkdir(join(disk, 'tracker', 'issues'), { recursive: true });
    for (const name of ['first', 'crashed'])
      await writeFile(join(disk, `${name}.yaml`), writeConfig('off', `./${name}`));
    const path = join(disk, 'crashed', 'sqlite', 'store.db');
    const store = createSqliteStore({ path, runtime: createSystemRuntime() });
    await fill(store);
    const count = async (): Promise<number> =>
      (await Array.fromAsync(store.list({ phases: openPhases }, { signal }))).length;
    tell(`${await count()} jobs in flight, ${journalLines.toLocaleString('en')} lines of journal`);
    const start = async (name: string): Promise<number> => {
      await using daemon = await startStaying(
        [batonFile, '-c', join(disk, `${name}.yaml`), 'start'],
        /"msg":"ready"/,
        context,
      );
      // As a crash ends it: what it had begun is in flight for the next round too.
      daemon.child.kill('SIGKILL');
      return daemon.readyMs;
    };
    const crashed: Side = () => start('crashed');
    const first: Side = async () => {
      await rm(join(disk, 'first'), { recursive: true, force: true });
      return await start('first');
    };
    const values = await interleave({ crashed, first }, { rounds: quick ? 3 : 15, warmUps: 2 });
    const left = await count();
    await store.close?.();
    if (left !== inFlight) throw new Error(`${left} jobs are in flight, and ${inFlight} were.`);
    return [
      compare(
        `start after a crash, ${inFlight} jobs in flight and a million lines of journal : first start`,
        2,
        { name: 'after a crash', values: values.crashed },
        { name: 'first', values: values.first },
      ),
    ];
  },
};
