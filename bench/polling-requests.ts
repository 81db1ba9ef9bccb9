import type { Cursor, IssueQuery } from '@baton/core';
import { createFakeGithub, type FakeGithub, type FakeGithubRepository } from '@baton/fake-hosts';
import { createGithub } from '@baton/github';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Finding } from './finding.ts';
import { createLeapingRuntime } from './leaping-runtime.ts';
import { spread } from './measure.ts';

const intervalMs = 30_000;
const roundsAnHour = 120;
/** What is known of a repository has to have stood for a while: rounds before those that count. */
const settlingRounds = 4;
/** Where there are many repositories, a part of the hour is measured, and counted as often as it goes into the hour. */
function roundsOf(repositories: number, quick: boolean): { readonly baton: number; readonly plain: number } {
  // Plain lists cost the same in every round.
  if (repositories > 100) return { baton: quick ? 10 : 20, plain: 1 };
  if (repositories > 10) return { baton: quick ? 20 : 60, plain: quick ? 1 : 5 };
  return { baton: quick ? 40 : roundsAnHour, plain: quick ? 5 : 20 };
}

interface Requests {
  /** Not answered by 304. */
  readonly counted: number;
  readonly all: number;
}

/** An hour of one strategy; `before` are the rounds until it has settled. */
interface Hour extends Requests {
  readonly before: Requests;
}

interface Hosted {
  readonly fake: FakeGithub;
  readonly repositories: readonly FakeGithubRepository[];
}

/** Each repository holds one issue that is meant for Baton, and one that isn't. */
function fillHost(fake: FakeGithub, count: number): Hosted {
  const repositories = Array.from({ length: count }, (_, index) => {
    const repository = fake.repository(`acme/part-${index + 1}`);
    repository.openIssue({ title: 'Mend it', body: 'It is broken.', author: 'alice', labels: ['baton'] });
    repository.openIssue({ title: 'Another', body: 'Not for Baton.', author: 'alice' });
    return repository;
  });
  return { fake, repositories };
}

/** In each minute somebody comments on the issue of one repository in ten, each time on that of the next ones. */
function disturb({ repositories }: Hosted, round: number): void {
  const done = (rounds: number): number => Math.floor((rounds * repositories.length) / 20);
  for (let change = done(round); change < done(round + 1); change += 1) {
    repositories[change % repositories.length]?.comment(1, 'alice', `Still broken: ${change}.`);
  }
}

function since({ fake }: Hosted, first: number): Requests {
  const made = fake.requests.slice(first);
  return { counted: made.filter(({ counted }) => counted).length, all: made.length };
}

/** By the adapter: sources of one account, polled together. */
async function pollByBaton(hosted: Hosted, busy: boolean, rounds: number, signal: AbortSignal): Promise<Hour> {
  const { fake, repositories } = hosted;
  const runtime = createLeapingRuntime();
  const github = createGithub({ credentials: { kind: 'token', token: fake.token }, baseUrl: fake.baseUrl, runtime });
  const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
  const watched = repositories.map(({ fullName }) => ({
    source: github.source({ repository: fullName }),
    cursor: null as Cursor | null,
  }));
  const poll = async (each: (typeof watched)[number]): Promise<void> => {
    for (let more = true; more; ) {
      const page = await each.source.poll(query, each.cursor, { signal });
      each.cursor = page.cursor;
      more = page.kind === 'changed' && page.more;
    }
  };
  let before: Requests = { counted: 0, all: 0 };
  let first = fake.requests.length;
  for (let round = -settlingRounds; round < rounds; round += 1) {
    signal.throwIfAborted();
    if (round === 0) {
      before = since(hosted, first);
      first = fake.requests.length;
    }
    if (busy && round >= 0) disturb(hosted, round);
    const begun = runtime.clock.monotonic();
    await Promise.all(watched.map(poll));
    runtime.leap(Math.max(0, intervalMs - (runtime.clock.monotonic() - begun)));
  }
  return { ...anHour(since(hosted, first), rounds), before };
}

/** The naive way: the list of open issues of each repository, each time. */
async function pollPlainly(hosted: Hosted, busy: boolean, rounds: number, signal: AbortSignal): Promise<Requests> {
  const { fake, repositories } = hosted;
  const first = fake.requests.length;
  for (let round = 0; round < rounds; round += 1) {
    if (busy) disturb(hosted, round);
    const left = repositories.map(({ fullName }) => `${fake.baseUrl}/repos/${fullName}/issues?state=open&per_page=100`);
    const work = async (): Promise<void> => {
      for (let url = left.pop(); url !== undefined; url = left.pop()) {
        const response = await fetch(url, { headers: { authorization: `Bearer ${fake.token}` }, signal });
        if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
        await response.arrayBuffer();
      }
    };
    await Promise.all([work(), work(), work(), work()]);
  }
  return anHour(since(hosted, first), rounds);
}

function anHour({ counted, all }: Requests, rounds: number): Requests {
  const scale = roundsAnHour / rounds;
  return { counted: Math.round(counted * scale), all: Math.round(all * scale) };
}

interface Measured {
  readonly repositories: number;
  readonly busy: boolean;
  readonly baton: Hour;
  readonly plain: Requests;
}

async function measure(context: BenchmarkContext, repositories: number, busy: boolean): Promise<Measured> {
  const { quick, signal, tell } = context;
  const rounds = roundsOf(repositories, quick);
  // What is asked for is to be seen, whether it may be had or not.
  await using fake = await createFakeGithub({ quota: 10_000_000 });
  const hosted = fillHost(fake, repositories);
  const baton = await pollByBaton(hosted, busy, rounds.baton, signal);
  const plain = await pollPlainly(hosted, busy, rounds.plain, signal);
  if (fake.unexpected.length > 0) throw new Error(`The host was asked what it has not: ${fake.unexpected}`);
  tell(
    `${repositories} ${busy ? 'busy' : 'quiet'}: ${rounds.baton} rounds of Baton's, ${rounds.plain} of plain lists; ` +
      `an hour ${baton.counted} counted of ${baton.all}, and ${plain.counted}`,
  );
  return { repositories, busy, baton, plain };
}

function report({ repositories, busy, baton, plain }: Measured): Finding {
  return {
    goal: `requests counted an hour, ${repositories} ${busy ? 'busy' : 'quiet'} ${repositories === 1 ? 'repository' : 'repositories'}`,
    unit: 'count',
    measured: baton.counted,
    range: null,
    limit: repositories === 100 && !busy ? { rule: 'at most', value: 150 } : null,
    sides: {
      'Baton, 304s included': spread([baton.all], 'count'),
      [`in its first ${settlingRounds} rounds, counted`]: spread([baton.before.counted], 'count'),
      'plain lists': spread([plain.counted], 'count'),
    },
  };
}

/** What watching repositories costs of an account's quota, against listing their issues each time. */
export const pollingRequests: Benchmark = {
  name: 'polling-requests',
  async run(context) {
    const measured: Measured[] = [];
    for (const busy of [false, true]) {
      for (const repositories of [1, 10, 100, 1_000]) measured.push(await measure(context, repositories, busy));
    }
    const quiet = (repositories: number): number =>
      measured.find((each) => each.repositories === repositories && !each.busy)?.baton.counted ?? Number.NaN;
    return [
      ...measured.map(report),
      {
        goal: 'requests counted, 100 quiet repositories : 10',
        unit: 'ratio',
        measured: quiet(100) / quiet(10),
        range: null,
        limit: { rule: 'at most', value: 1.2 },
        sides: { 'of 100': spread([quiet(100)], 'count'), 'of 10': spread([quiet(10)], 'count') },
      },
    ];
  },
};
