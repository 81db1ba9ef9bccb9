import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoggedRequest } from '@baton/fake-hosts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Finding } from './finding.ts';
import { createHostedProject, type HostedProject, type HostName } from './hosted-project.ts';
import { quantile, spread } from './measure.ts';

const pollIntervalMs = 30_000;
/** Polls while nothing happens, once the host's answers are known: as long as it takes until lists are read in any case. */
const quietPolls = 10;

/** Lines of one list of requests. */
const mostTold = 30;

/** What one issue was asked for with, from the poll that found it to the wait for its review. */
interface Trace {
  readonly poll: readonly LoggedRequest[];
  /** From the claim until the pull request stood. */
  readonly until: readonly LoggedRequest[];
  readonly after: readonly LoggedRequest[];
}

interface HostFigures {
  readonly host: HostName;
  /** The first issue after a start. */
  readonly first: Trace;
  readonly next: readonly Trace[];
  /** Of one quiet poll: without, and with open pull requests. */
  readonly idle: readonly (readonly LoggedRequest[])[];
  readonly watching: readonly (readonly LoggedRequest[])[];
  readonly open: number;
}

function nameOf({ method, path, operation }: LoggedRequest): string {
  return operation === null ? `${method} ${decodeURIComponent(path)}` : `${method} ${path} (${operation})`;
}

function tellRequests(tell: (line: string) => void, title: string, requests: readonly LoggedRequest[]): void {
  tell(`${title}: ${requests.length}`);
  for (const each of requests.slice(0, mostTold)) {
    tell(`  ${each.status} ${each.counted ? 'counted' : 'free   '} ${nameOf(each)}`);
  }
  if (requests.length > mostTold) tell(`  … and ${requests.length - mostTold} more`);
}

/** One poll, and all the work that comes of it. Half a minute passes before. */
async function nextPoll({ baton, runtime, requests }: HostedProject): Promise<readonly LoggedRequest[]> {
  runtime.leap(pollIntervalMs);
  const first = requests.length;
  await baton.runOnce();
  return requests.slice(first);
}

async function workIssue(project: HostedProject): Promise<Trace> {
  const { requests, marks } = project;
  const first = requests.length;
  const stand = project.pullRequests();
  project.openIssue();
  const made = await nextPoll(project);
  if (project.pullRequests() !== stand + 1) throw new Error('An issue led to no pull request.');
  const [claimed, stood] = [marks.claimed - first, marks.stood - first];
  return { poll: made.slice(0, claimed), until: made.slice(claimed, stood), after: made.slice(stood) };
}

async function measureHost(context: BenchmarkContext, host: HostName): Promise<HostFigures> {
  const { quick, signal, tell, verbose } = context;
  const directory = join(context.disk, host);
  await mkdir(directory);
  await using project = await createHostedProject({
    ...{ host, directory, signal, pollIntervalMs, slots: 3, pacesWrites: false },
    async work({ workspace }) {
      await workspace.writeFile('README.md', 'mended\n');
      return { summary: 'Mended.' };
    },
  });
  const idle: (readonly LoggedRequest[])[] = [];
  for (let poll = -3; poll < quietPolls; poll += 1) {
    const made = await nextPoll(project);
    if (poll >= 0) idle.push(made);
  }
  const first = await workIssue(project);
  const next: Trace[] = [];
  for (let issue = 0; issue < (quick ? 2 : 5); issue += 1) next.push(await workIssue(project));
  for (let open = project.pullRequests(); open < (quick ? 20 : 60); open += 1) project.openIssue();
  await nextPoll(project);
  const open = (await Array.fromAsync(project.store.list({ phases: ['reviewing'] }))).length;
  if (open !== project.pullRequests()) throw new Error(`${open} jobs wait for ${project.pullRequests()} reviews.`);
  const watching: (readonly LoggedRequest[])[] = [];
  for (let poll = -4; poll < quietPolls; poll += 1) {
    const made = await nextPoll(project);
    if (poll >= 0) watching.push(made);
  }
  if (verbose) {
    const last = next.at(-1) ?? first;
    tellRequests(tell, `${host}, the first issue until its pull request stood`, first.until);
    tellRequests(tell, `${host}, a later issue: its poll, other pull requests looked after`, last.poll);
    tellRequests(tell, `${host}, a later issue until its pull request stood`, last.until);
    tellRequests(tell, `${host}, a later issue until it waits for its review`, last.after);
    tellRequests(tell, `${host}, a quiet poll with ${open} open pull requests`, watching.at(-1) ?? []);
  }
  return { host, first, next, idle, watching, open };
}

const counted = (requests: readonly LoggedRequest[]): number => requests.filter((each) => each.counted).length;

function report({ host, first, next, idle, watching, open }: HostFigures): readonly Finding[] {
  const until = next.map((each) => each.until.length);
  const whole = next.map((each) => each.until.length + each.after.length);
  const base = { unit: 'count', range: null } as const;
  const mean = (polls: readonly (readonly LoggedRequest[])[]): number => polls.flat().length / polls.length;
  return [
    {
      ...base,
      goal: `${host}: requests from issue to pull request`,
      measured: quantile(until, 0.5),
      limit: { rule: 'at most', value: 8 },
      sides: {
        'of an issue': spread(until, 'count'),
        'counted of them': spread(
          next.map((each) => counted(each.until)),
          'count',
        ),
        'of the first after a start': spread([first.until.length], 'count'),
      },
    },
    {
      ...base,
      goal: `${host}: … and until it waits for its review`,
      measured: quantile(whole, 0.5),
      limit: null,
      sides: {
        'of an issue': spread(whole, 'count'),
        'counted of them': spread(
          next.map((each) => counted(each.until) + counted(each.after)),
          'count',
        ),
      },
    },
    {
      ...base,
      goal: `${host}: requests per open pull request and poll`,
      measured: (mean(watching) - mean(idle)) / open,
      limit: { rule: 'at most', value: 0.05 },
      sides: {
        [`a poll with ${open} open`]: spread(
          watching.map((each) => each.length),
          'count',
        ),
        'counted of them': spread(watching.map(counted), 'count'),
        'a poll with none': spread(
          idle.map((each) => each.length),
          'count',
        ),
      },
    },
  ];
}

/** Where an issue's requests go, and those of pull requests that nobody merges. */
export const issueRequests: Benchmark = {
  name: 'issue-requests',
  async run(context) {
    const findings: Finding[] = [];
    for (const host of ['github', 'gitlab'] as const) findings.push(...report(await measureHost(context, host)));
    return findings;
  },
};
