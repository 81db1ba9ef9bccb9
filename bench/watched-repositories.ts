import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFakeGithub } from '@baton/fake-hosts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { batonFile, type Daemon, residentMiB, startStaying } from './daemon-process.ts';
import type { Finding, Spread } from './finding.ts';
import { quantile, spread } from './measure.ts';

const sizes = [1, 100, 1_000] as const;
/** Longer than a look has to have stood until lists need not be read. */
const settleMs = 75_000;
const mostWaitMs = 180_000;

/** One project for each repository, as many as there are. */
function writeConfig(baseUrl: string, repositories: number): string {
  const projects = Array.from(
    { length: repositories },
    (_, index) => `  - name: part-${index + 1}
    source: { use: github, repository: acme/part-${index + 1}, baseUrl: ${baseUrl} }
    agents: [{ use: command, run: "true" }]
    verify: { commands: [{ name: check, run: "true" }] }
    sandbox: { mode: off }
`,
  );
  return `version: 1\nstate: ./state\npollInterval: 10s\nprojects:\n${projects.join('')}`;
}

/** Memory of a process without what it shares with others, which is divided among them. Null where the kernel doesn't tell. */
async function proportionalMiB({ child }: Daemon): Promise<number | null> {
  const rollup = await readFile(`/proc/${child.pid}/smaps_rollup`, 'utf8').catch(() => '');
  const found = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  return found === undefined ? null : Number(found) / 1_024;
}

interface Watching {
  readonly repositories: number;
  /** Samples. */
  readonly residentMiB: readonly number[];
  /** Empty where the kernel doesn't tell. */
  readonly proportionalMiB: readonly number[];
}

/** A daemon that watches so many repositories, measured once its polls have settled. */
async function measureDaemon(context: BenchmarkContext, repositories: number): Promise<Watching> {
  const { quick, signal, tell } = context;
  const disk = join(context.disk, String(repositories));
  await mkdir(disk);
  await using fake = await createFakeGithub({ quota: 10_000_000 });
  for (let index = 0; index < repositories; index += 1) {
    const repository = fake.repository(`acme/part-${index + 1}`);
    repository.openIssue({ title: 'Another', body: 'Not for Baton.', author: 'alice' });
  }
  const config = join(disk, 'baton.yaml');
  await writeFile(config, writeConfig(fake.baseUrl, repositories));
  const argv = [batonFile, '-c', config, 'start'];
  await using daemon = await startStaying(argv, /"msg":"ready"/, { disk, signal }, { GITHUB_TOKEN: fake.token });
  const listed = (): number =>
    new Set(fake.requests.flatMap(({ path }) => /\/repos\/acme\/([\w-]+)\/issues/.exec(path)?.[1] ?? [])).size;
  for (let waitedMs = 0; listed() < repositories; waitedMs += 1_000) {
    if (waitedMs >= mostWaitMs) throw new Error(`Only ${listed()} of ${repositories} repositories were polled.`);
    await sleep(1_000, undefined, { signal });
  }
  tell(`${repositories}: each was polled once, ready after ${daemon.readyMs.toFixed(0)} ms`);
  await sleep(quick ? 15_000 : settleMs, undefined, { signal });
  const sampled = { repositories, residentMiB: [] as number[], proportionalMiB: [] as number[] };
  // Over one interval and more: a poll's litter is in it as it is in use.
  for (let sample = 0; sample < 12; sample += 1) {
    sampled.residentMiB.push(await residentMiB(daemon.child));
    const proportional = await proportionalMiB(daemon);
    if (proportional !== null) sampled.proportionalMiB.push(proportional);
    await sleep(1_000, undefined, { signal });
  }
  if (fake.unexpected.length > 0) throw new Error(`The host was asked what it has not: ${fake.unexpected}`);
  return sampled;
}

function compareSizes(measured: readonly Watching[], repositories: number, limit: number | null): Finding {
  const [many, one] = [repositories, 1].map((wanted) => measured.find((each) => each.repositories === wanted));
  if (!many || !one) throw new Error(`${repositories} repositories and one were not both measured.`);
  const ofEach = (name: string, each: Watching): Readonly<Record<string, Spread>> => ({
    [`${name}, resident`]: spread(each.residentMiB, 'MiB'),
    ...(each.proportionalMiB.length === 0 ? {} : { [`${name}, proportional`]: spread(each.proportionalMiB, 'MiB') }),
  });
  return {
    goal: `memory, ${repositories} repositories watched : one`,
    unit: 'ratio',
    measured: quantile(many.residentMiB, 0.5) / quantile(one.residentMiB, 0.5),
    range: null,
    limit: limit === null ? null : { rule: 'at most', value: limit },
    sides: { ...ofEach(`${repositories}`, many), ...ofEach('one', one) },
  };
}

/** What watching many repositories costs a daemon in memory, against watching one. */
export const watchedRepositories: Benchmark = {
  name: 'watched-repositories',
  async run(context) {
    // Side by side: what they share is shared by all alike.
    const measured = await Promise.all(sizes.map((repositories) => measureDaemon(context, repositories)));
    return [compareSizes(measured, 1_000, 1.3), compareSizes(measured, 100, null)];
  },
};
