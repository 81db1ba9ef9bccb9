import { setImmediate } from 'node:timers/promises';
import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import type { Clock, Cursor, IssuePage, IssueQuery, IssueSource, Runtime } from '@baton/core';
import { createFakeGithub, type FakeGithub, type FakeGithubRepository, type HttpFault } from '@baton/fake-hosts';
import { createGithub } from '@baton/github';

export const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
export const issue = { title: 'Cart total', body: 'Off by one.', author: 'alice', labels: ['baton'] };
const roundMs = 30_000;
/** By then what a look shows has stood long enough, and every list has its validator. */
export const warmingRounds = 3;
/** One daemon over so many repositories, each with one issue. Time goes on between rounds only. */
export interface PolledDaemon {
  readonly fake: FakeGithub;
  readonly repositories: readonly FakeGithubRepository[];
  readonly sources: readonly IssueSource[];
  readonly cursors: (Cursor | null)[];
  readonly lines: string[];
  /** Polls every repository at once, half a minute after the last time. */
  round(): Promise<readonly IssuePage[]>;
  source(fullName: string): IssueSource;
  /** Another process, which has the stored cursors only. */
  restart(): PolledDaemon;
}

export async function createPolledDaemon(count: number): Promise<PolledDaemon> {
  const runtime = createSystemRuntime();
  // Which lists are due in a round doesn't hang on when the test is run.
  const begunAt = runtime.clock.monotonic();
  let skipped = 0;
  const now = (): number => runtime.clock.now() + skipped;
  const fake = await createFakeGithub({ now });
  const repositories = Array.from({ length: count }, (_, index) => fake.repository(`acme/r${index}`));
  for (const repository of repositories) repository.openIssue(issue);
  const start = (cursors: (Cursor | null)[]): PolledDaemon => {
    const lines: string[] = [];
    const log = (level: string, message: string): void => {
      if (level !== 'debug') lines.push(message);
    };
    const clock: Clock = {
      now,
      monotonic: () => runtime.clock.monotonic() - begunAt + skipped,
      // All of a round begin at once: nothing is gained by waiting for more.
      sleep: (milliseconds, options) =>
        milliseconds < 100 ? setImmediate(undefined, options) : runtime.clock.sleep(milliseconds, options),
    };
    const moved: Runtime = { ...runtime, clock };
    const account = createGithub({
      credentials: { kind: 'token', token: fake.token },
      ...{ baseUrl: fake.baseUrl, runtime: moved, retryPauseMs: 1, log },
      gateway: createGateway({ host: 'fake', adapter: 'github', runtime: moved, writeIntervalMs: 0 }),
    });
    const source = (repository: string): IssueSource => account.source({ repository });
    const sources = repositories.map(({ fullName }) => source(fullName));
    return {
      ...{ fake, repositories, sources, cursors, lines, source },
      async round() {
        skipped += roundMs;
        return Promise.all(
          sources.map(async (source, index) => {
            const page = await source.poll(query, cursors[index] ?? null);
            cursors[index] = page.cursor;
            return page;
          }),
        );
      },
      restart: () => start([...cursors]),
    };
  };
  return start(repositories.map(() => null));
}

/** What a poll brought, by title. */
export const titlesOf = (page: IssuePage | undefined): readonly string[] =>
  page?.kind === 'changed' ? page.issues.map((each) => each.title) : [];

/** What was asked from here on. */
export function countFrom(fake: FakeGithub) {
  const from = fake.requests.length;
  const asked = () => fake.requests.slice(from);
  return {
    all: () => asked().length,
    counted: () => asked().filter((each) => each.counted).length,
    looks: () => asked().filter((each) => each.operation === 'WhichRepositoriesChanged').length,
    lists: () => asked().filter((each) => each.path.includes('/issues?')).length,
  };
}

/** An answer in which what is found is written anew. */
export function rewrite(pattern: RegExp, by: string): HttpFault {
  return {
    kind: 'change',
    change: (answer) => ({
      ...answer,
      body: JSON.parse(JSON.stringify(answer.body).replaceAll(new RegExp(pattern, 'g'), by)),
    }),
  };
}
