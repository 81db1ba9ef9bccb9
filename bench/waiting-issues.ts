import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { createHostedProject } from './hosted-project.ts';
import { spread } from './measure.ts';

/** As many pull requests as may be open by default. */
const places = 5;
const waiting = 95;
const pollIntervalMs = 30_000;

/** Requests of an hour in which nothing happens, once all places are taken. */
async function countRequests(context: BenchmarkContext, issues: number): Promise<number> {
  const { disk, quick, signal } = context;
  const directory = join(disk, `${issues}-issues`);
  await mkdir(directory);
  await using project = await createHostedProject({
    ...{ host: 'github', directory, signal, pollIntervalMs, slots: 3, pacesWrites: false, openPullRequests: places },
    async work({ workspace }) {
      await workspace.writeFile('README.md', 'mended\n');
      return { summary: 'Mended.' };
    },
  });
  const { baton, runtime, requests, store } = project;
  for (let issue = 0; issue < issues; issue += 1) project.openIssue();
  const next = async (): Promise<void> => {
    signal.throwIfAborted();
    runtime.leap(pollIntervalMs);
    await baton.runOnce();
  };
  for (let poll = 0; poll < 15; poll += 1) await next();
  if (project.pullRequests() !== places) throw new Error(`${project.pullRequests()} pull requests are open.`);
  const queued = (await Array.fromAsync(store.list({ phases: ['waiting'] }))).length;
  if (queued !== issues - places) throw new Error(`${queued} issues wait, of ${issues}.`);
  const first = requests.length;
  const polls = quick ? 20 : 120;
  for (let poll = 0; poll < polls; poll += 1) await next();
  return ((requests.length - first) * 120) / polls;
}

/** What a queue behind a cap costs at the host. */
export const waitingIssues: Benchmark = {
  name: 'waiting-issues',
  async run(context) {
    const none = await countRequests(context, places);
    const many = await countRequests(context, places + waiting);
    const ratio = many / none;
    return [
      {
        goal: `github: requests of an hour with ${waiting} issues waiting behind a cap : with none`,
        unit: 'ratio',
        measured: ratio,
        range: null,
        limit: { rule: 'at most', value: 1.1 },
        sides: { [`${waiting} wait`]: spread([many], 'count'), 'none waits': spread([none], 'count') },
      },
    ];
  },
};
