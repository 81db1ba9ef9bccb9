import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemRuntime } from '@baton/adapter-kit';
import { isEnded, type Job } from '@baton/core';
import { createSqliteStore } from '@baton/sqlite';
import { expect } from 'vitest';
import type { ForgeKind } from '../support/forge-host.js';
import { type ForgeScene, makeForgeScene, reviewersWish } from '../support/forge-scene.js';
import { leftProcesses } from '../support/left-processes.js';
import { live, traceIn } from './crash-run.js';
import { expectLedgerAgrees, paidTwice } from './crash-way.js';

/** How long a soak is. */
export interface SoakOptions {
  readonly seed: number;
  readonly kills: number;
  /** Open at first. People open as many again. */
  readonly issues: number;
}

/** Each issue has a file of its own, and the reviewer's wish makes it another one. */
const agent = (name: string): string => `: agent-of-${name}
prompt=$(cat)
number=$(printf %s "$prompt" | grep -o 'acme/shop#[0-9]*' | head -n 1 | tr -dc 0-9)
case "$prompt" in *'${reviewersWish}'*) answer='right indeed' ;; *) answer=right ;; esac
mkdir -p answers
echo "$answer" > "answers/$number.txt"
sh -c 'sleep 0.2; :' agent-of-${name}`;

/** The most points of a life that is killed: about as many as a job has from its beginning to its review. */
const mostPoints = 250;

const issueOf = ({ issueKey }: Pick<Job, 'issueKey'>): number => Number(issueKey.split('#')[1]);

/** Numbers in [0, 1) that follow from a seed. */
function createRandom(seed: number): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${seed} ${drawn}`).digest().readUInt32BE() / 2 ** 32;
  };
}

async function listJobs(scene: ForgeScene): Promise<readonly Job[]> {
  const path = join(scene.path, 'state', 'sqlite', 'store.db');
  const store = createSqliteStore({ path, runtime: createSystemRuntime() });
  try {
    return await Array.fromAsync(store.list({}));
  } finally {
    await store.close?.();
  }
}

/** Lives that nobody kills, until every job is where only people move it. */
async function comeToRest(scene: ForgeScene, isAtRest: (job: Job) => boolean): Promise<readonly Job[]> {
  for (let lives = 0; lives < 10; lives += 1) {
    await live(null, scene);
    const jobs = await listJobs(scene);
    const restless = jobs.filter((job) => !isAtRest(job));
    if (restless.length === 0) return jobs;
    for (const job of restless) if (job.phase === 'waiting') await scene.wake(job);
  }
  const said = (await listJobs(scene)).map(({ issueKey, phase, outcome, wait, data }) =>
    JSON.stringify({ issueKey, phase, outcome, wait, reason: (data as { readonly reason: unknown }).reason }),
  );
  throw new Error(`The jobs never come to rest:\n${said.join('\n')}`);
}

/** What people do between two lives: they open issues, ask for changes, and merge. */
function createPeople(scene: ForgeScene, random: () => number, most: number) {
  const { host } = scene;
  const asked = new Set<number>();
  let opened = 1;
  const open = (): void => {
    opened += 1;
    const body = 'Write the answer.';
    host.setLabels(['baton'], 'bob', host.openIssue({ title: `Answer ${opened}`, body, author: 'stranger' }));
  };
  return {
    /** Heads of open requests of which changes were asked. */
    asked: (): readonly string[] =>
      host.requests().flatMap(({ number, state, head }) => (state === 'open' && asked.has(number) ? [head] : [])),
    open,
    async act(): Promise<void> {
      const requests = host.requests().filter(({ state }) => state === 'open');
      const request = requests[Math.floor(random() * requests.length)];
      const choice = random();
      if (request !== undefined && choice < 0.4 && !asked.has(request.number)) {
        asked.add(request.number);
        host.remark('bob', reviewersWish, request.number);
      } else if (request !== undefined && choice < 0.7) await host.merge('bob', request.number);
      else if (opened < most) open();
    },
  };
}

/** Each issue has one request and one comment, and all else is as if no life had been killed. */
async function expectOneOfEach(scene: ForgeScene, jobs: readonly Job[]): Promise<void> {
  const { host } = scene;
  expect(new Set(jobs.map(issueOf)).size).toBe(jobs.length);
  for (const job of jobs) {
    expect(job).toMatchObject({ phase: 'done', outcome: 'merged', attempt: 1 });
    expect(host.requests().filter(({ head }) => head === job.branch)).toMatchObject([{ state: 'merged' }]);
    const ours = host.comments(issueOf(job)).filter(({ author }) => author === host.self);
    expect(ours.map(({ body }) => body.split('\n')[0])).toEqual(['<!-- baton:topic=status -->']);
    const files = await scene.inRemote('diff', '--name-only', scene.base, `refs/heads/${job.branch}`);
    expect(files).toBe(`answers/${issueOf(job)}.txt`);
  }
  expect(Object.keys(await scene.branches()).toSorted()).toEqual(
    ['main', ...jobs.map(({ branch }) => branch)].toSorted(),
  );
  expect(await scene.inRemote('for-each-ref', 'refs/baton/claims')).toBe('');
  expect(host.server.unexpected).toEqual([]);
  expect(paidTwice((await readFile(traceIn(scene), 'utf8')).split('\n'))).toEqual([]);
  await expectLedgerAgrees(scene);
  expect(leftProcesses(scene.name)).toEqual([]);
}

/** Many jobs at once, through lives that are killed anywhere, among people who go on with theirs. */
export async function soak(kind: ForgeKind, { seed, kills, issues }: SoakOptions): Promise<void> {
  const random = createRandom(seed);
  await using scene = await makeForgeScene(kind, {
    config: { concurrency: 4 },
    project: (name) => ({
      trust: { perActorPerHour: 1_000 },
      agents: [{ use: 'command', run: agent(name) }],
      verify: { commands: [{ name: 'answer', run: 'ls answers/*.txt' }] },
    }),
  });
  const people = createPeople(scene, random, issues * 2);
  for (let opened = 1; opened < issues; opened += 1) people.open();
  for (let killed = 0; killed < kills; ) {
    const life = await live(String(1 + Math.floor(random() * mostPoints)), scene);
    if (life.killed) killed += 1;
    if (!life.killed || random() < 0.15) await people.act();
  }
  await comeToRest(scene, ({ phase }) => phase === 'reviewing' || phase === 'done');
  for (const head of people.asked()) {
    const text = await scene.inRemote('grep', '-h', 'right', `refs/heads/${head}`, '--', 'answers');
    expect([head, text]).toEqual([head, 'right indeed']);
  }
  for (const { number, state } of scene.host.requests()) if (state === 'open') await scene.host.merge('bob', number);
  await expectOneOfEach(scene, await comeToRest(scene, ({ phase }) => isEnded(phase)));
}
