import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import type { IssueSource, Job, JobStore, JournalEntry, Observation } from '@baton/core';
import { createBaton } from '@baton/engine';
import { createLocal } from '@baton/local';
import { createMemoryAgent, createMemoryStore } from '@baton/memory';
import { createSqliteStore } from '@baton/sqlite';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { batonFile, writeConfig } from './daemon-process.ts';
import type { Finding } from './finding.ts';
import { createRepository } from './fixtures.ts';
import { compare, interleave, type Side, timed } from './measure.ts';
import { createManualRuntime, createMemoryProject } from './memory-project.ts';
import { runProgram } from './run-program.ts';

/** Jobs that have ended; the larger history is ten times the smaller. */
const sizes = { small: 1_000, large: 10_000 } as const;
/** Pull requests that are open, in both. */
const openJobs = 10;

type Size = keyof typeof sizes;

/** A job as the engine leaves it, and its journal: what every stored one is a copy of. */
async function makePattern(): Promise<{ readonly job: Job; readonly journal: readonly JournalEntry[] }> {
  const runtime = createManualRuntime(1);
  const store = createMemoryStore({ runtime });
  const agent = createMemoryAgent({
    turns: async ({ workspace }) => {
      await workspace.writeFile('app.txt', 'mended\n');
      return { summary: 'Mended app.txt.' };
    },
  });
  const { project, source } = createMemoryProject(runtime, agent);
  source.seed({ title: 'Mend it', body: 'It is broken. '.repeat(40), labels: ['baton'] });
  const baton = createBaton({ runtime, store, projects: [project] });
  await baton.runOnce();
  await baton.stop();
  for await (const job of store.list({})) return { job, journal: await Array.fromAsync(store.journal(job.id, 0)) };
  throw new Error('No job was made.');
}

/** Stores so many jobs through the store's own calls: the newest have an open pull request, the others were merged. */
async function fill(store: JobStore, ended: number): Promise<number> {
  const { job, journal } = await makePattern();
  const worker = 'filler';
  await using _stay = await store.join(worker);
  for (let number = 0; number < ended + openJobs; number += 1) {
    const isOpen = number >= ended;
    const id = `j${number.toString(36).padStart(7, '0')}`;
    const { requestHash, project, priority, data, attempt, round } = job;
    const issueKey = `local:${number}`;
    await store.enqueue({
      ...{ id, requestHash, project, priority, data, issueKey, issueCreatedAt: number, supersedes: null },
      ...{ dedupeKey: `${project}/local/${issueKey}`, branch: `baton/issue-${number}` },
    });
    const lease = await store.claim({
      worker,
      leaseMs: 60_000,
      caps: { total: 1, byProject: { [project]: 1 } },
      job: id,
    });
    if (lease === null) throw new Error(`${id} could not be claimed.`);
    const recorded = await store.record(lease, {
      entries: journal,
      state: {
        ...{ requestHash, project, priority, data, attempt, round, wait: null },
        phase: isOpen ? 'reviewing' : 'done',
        outcome: isOpen ? null : 'merged',
        wakeAt: isOpen ? Number.MAX_SAFE_INTEGER : 0,
      },
      consumed: [],
    });
    await store.release(recorded);
  }
  return (ended + openJobs) * journal.length;
}

/** A tracker that has nothing new to tell, as one with a cursor or an ETag has at most ticks. */
function quietSource(source: IssueSource): IssueSource {
  return { ...source, poll: async (_query, cursor) => ({ kind: 'unchanged', cursor: cursor ?? 'none' }) };
}

/** One is shorter than the clock's noise. */
function tenTimes(side: Side): Side {
  return async (round) => {
    let took = 0;
    for (let time = 0; time < 10; time += 1) took += await side(round);
    return took;
  };
}

interface World {
  readonly open: Side;
  readonly start: Side;
  readonly tick: Side;
  readonly listOpen: Side;
  readonly pollFolder: Side;
  readonly status: Side;
  readonly list: Side;
  close(): Promise<void>;
}

async function createWorld(context: BenchmarkContext, size: Size): Promise<World> {
  const { memory, signal, tell } = context;
  const directory = join(memory, size);
  await mkdir(join(directory, 'tracker', 'issues'), { recursive: true });
  await createRepository(directory, 20, { signal });
  await writeFile(join(directory, 'baton.config.yaml'), writeConfig('off'));
  const path = join(directory, 'state', 'sqlite', 'store.db');
  const runtime = createSystemRuntime();
  const create = (): JobStore => createSqliteStore({ path, runtime });
  const filling = create();
  const rows = await fill(filling, sizes[size]);
  await filling.close?.();
  tell(`${size}: ${sizes[size] + openJobs} jobs, ${rows} lines of journal`);

  for (let number = 1; number <= sizes[size]; number += 1) {
    const text = '---\nlabels: [baton]\nauthor: ada\nstate: closed\n---\n# Mend it\n';
    await writeFile(join(directory, 'tracker', 'issues', `${number}-mend-it.md`), text);
  }
  const local = createLocal({
    ...{
      runtime,
      stateDirectory: join(directory, 'local'),
      configDirectory: directory,
      path: join(directory, 'tracker'),
    },
  });

  const idleAgent = createMemoryAgent({ turns: () => ({}) });
  const { project, forge } = createMemoryProject(createManualRuntime(2), idleAgent);
  forge.observe = async (requests) => requests.map(() => openObservation);
  const quiet = { ...project, source: quietSource(project.source) };
  const store = create();
  const baton = createBaton({ runtime, store, projects: [quiet] });
  await baton.runOnce();
  const command =
    (expected: string, ...words: readonly string[]): Side =>
    async () => {
      let said = '';
      const took = await timed(async () => {
        said = await runProgram([process.execPath, batonFile, ...words], { cwd: directory, signal });
      });
      if (!said.includes(expected)) throw new Error(`baton ${words.join(' ')} doesn't say "${expected}": ${said}`);
      return took;
    };
  return {
    open: tenTimes(async () => {
      const opened = create();
      const took = await timed(() => opened.readFact('pause'));
      await opened.close?.();
      return took;
    }),
    start: tenTimes(async () => {
      const own = create();
      const starting = createBaton({ runtime, store: own, projects: [quiet] });
      const took = await timed(() => starting.start());
      await starting.stop();
      await own.close?.();
      return took;
    }),
    tick: tenTimes(() => timed(() => baton.runOnce())),
    listOpen: tenTimes(() =>
      timed(() => Array.fromAsync(store.list({ project: project.name, phases: ['reviewing'], limit: 50 }))),
    ),
    pollFolder: () => timed(() => local.source.poll(project.query, null)),
    status: command(`${openJobs} open`, 'status'),
    list: command('reviewing', 'list'),
    async close() {
      await baton.stop();
      await store.close?.();
    },
  };
}

const openObservation: Observation = {
  pullRequest: {
    ...{
      id: '1',
      number: 1,
      url: 'https://memory.example/pulls/1',
      draft: true,
      head: 'baton/issue-1',
      headCommit: '0'.repeat(40),
    },
    ...{ state: { unified: 'open', raw: 'open' }, base: 'main', mergeable: 'unknown' },
  },
  checks: { state: 'none', failures: [], notes: [] },
  feedback: [],
  cursor: 'none',
};

/** Ten times the history, with as much to do as before. */
export const history: Benchmark = {
  name: 'history',
  async run(context) {
    const small = await createWorld(context, 'small');
    const large = await createWorld(context, 'large');
    const findings: Finding[] = [];
    const measures: readonly (readonly [Exclude<keyof World, 'close'>, string, number])[] = [
      ['open', 'store open', 30],
      ['start', 'engine start', 30],
      ['tick', 'tick: poll, watch, claim', 40],
      ['listOpen', 'list of open jobs', 40],
      ['pollFolder', 'poll of a folder of closed issues', 15],
      ['status', 'baton status', 15],
      ['list', 'baton list', 15],
    ];
    for (const [name, words, rounds] of measures) {
      const sides = { small: small[name], large: large[name] };
      const values = await interleave(sides, { rounds: context.quick ? Math.ceil(rounds / 3) : rounds, warmUps: 3 });
      const theirs = { name: `${sizes.small.toLocaleString('en')} jobs`, values: values.small };
      const ours = { name: `${sizes.large.toLocaleString('en')} jobs`, values: values.large };
      findings.push(compare(`${words}, ten times the history`, 1.15, ours, theirs));
    }
    await small.close();
    await large.close();
    return findings;
  },
};
