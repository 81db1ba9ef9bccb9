import { createSystemRuntime } from '@baton/adapter-kit';
import { createManualClock } from '@baton/conformance';
import type { Cursor, IssuePage, IssueQuery } from '@baton/core';
import type { FakeGithub, FakeGithubRepository, HttpFault } from '@baton/fake-hosts';
import { createGithub } from '@baton/github';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from './failure-of.js';
import {
  countFrom,
  createPolledDaemon,
  issue,
  type PolledDaemon,
  query,
  rewrite,
  titlesOf,
  warmingRounds,
} from './polled-daemon.js';

let fake: FakeGithub;

afterEach(async () => {
  await fake.close();
});

async function createDaemon(count: number): Promise<PolledDaemon> {
  const daemon = await createPolledDaemon(count);
  fake = daemon.fake;
  return daemon;
}

async function createWarmDaemon(count: number): Promise<PolledDaemon> {
  const daemon = await createDaemon(count);
  for (let round = 0; round < warmingRounds; round += 1) await daemon.round();
  return daemon;
}

describe('many repositories', () => {
  it('cost one counted request a poll, ten or a hundred of them, and few that are not counted', async () => {
    const rounds = 20;
    const tenMinutes = async (repositories: number) => {
      const daemon = await createWarmDaemon(repositories);
      const used = countFrom(fake);
      let mostAtOnce = 0;
      for (let round = 0; round < rounds; round += 1) {
        const before = used.lists();
        const pages = await daemon.round();
        mostAtOnce = Math.max(mostAtOnce, used.lists() - before);
        expect(pages.every((page) => page.kind === 'unchanged')).toBe(true);
      }
      return { counted: used.counted(), looks: used.looks(), lists: used.lists(), mostAtOnce };
    };
    const ten = await tenMinutes(10);
    await fake.close();
    const hundred = await tenMinutes(100);
    // At most 150 an hour, and a hundred cost at most 1.2 times what ten do.
    expect(ten).toMatchObject({ counted: rounds, looks: rounds });
    expect(hundred).toMatchObject({ counted: rounds, looks: rounds });
    // Each list is read every five minutes all the same, and not all at once.
    expect(hundred.lists).toBeGreaterThanOrEqual(190);
    expect(hundred.lists).toBeLessThanOrEqual(210);
    expect(hundred.mostAtOnce).toBeLessThanOrEqual(30);
  }, 60_000);

  it('are asked for their lists where there are fewer than ten', async () => {
    const daemon = await createWarmDaemon(9);
    const used = countFrom(fake);
    await daemon.round();
    expect([used.looks(), used.lists(), used.counted()]).toEqual([0, 9, 0]);
  });

  it('are more than one query where they are more than a hundred', async () => {
    const daemon = await createDaemon(115);
    const used = countFrom(fake);
    await daemon.round();
    expect(used.looks()).toBe(2);
  });

  it('leave the quota of GraphQL to running jobs as well', async () => {
    const daemon = await createWarmDaemon(10);
    fake.setQuota('graphql', { limit: 1000, remaining: 251 });
    const used = countFrom(fake);
    for (let round = 0; round < 3; round += 1) await daemon.round();
    expect(used.looks()).toBe(1);
    expect(used.lists()).toBeGreaterThanOrEqual(20);
  });
});

describe('what happens in one of many repositories', () => {
  type Change = readonly [what: string, change: (repository: FakeGithubRepository) => void, brings: readonly string[]];
  const changes: readonly Change[] = [
    ['a new issue', (at) => at.openIssue({ ...issue, title: 'New' }), ['New']],
    ['a label', (at) => at.changeIssue(2, { labels: ['baton'] }, 'alice'), ['Unlabelled']],
    ['an edit', (at) => at.changeIssue(1, { body: 'By two.' }, 'alice'), ['Cart total']],
    ['an assignment', (at) => at.changeIssue(1, { assignees: ['bob'] }, 'alice'), ['Cart total']],
    ['a comment', (at) => at.comment(1, 'bob', 'Me too.'), ['Cart total']],
    ['an issue reopened', (at) => at.changeIssue(3, { state: 'open' }, 'alice'), ['Closed']],
    ['an issue closed', (at) => at.changeIssue(1, { state: 'closed' }, 'alice'), []],
    ['an issue deleted', (at) => at.removeIssue(1), []],
    ['an issue transferred away', (at) => at.removeIssue(1, { repository: 'acme/r0', number: 1 }), []],
    [
      'an issue closed as another is opened',
      (at) => {
        at.changeIssue(1, { state: 'closed' }, 'alice');
        at.openIssue({ ...issue, title: 'In its place' });
      },
      ['In its place'],
    ],
    ['nothing', () => undefined, []],
  ];

  it('is seen at the next poll, whatever it is', async () => {
    const daemon = await createDaemon(changes.length);
    for (const repository of daemon.repositories) {
      repository.openIssue({ ...issue, title: 'Unlabelled', labels: [] });
      repository.openIssue({ ...issue, title: 'Closed' });
      repository.changeIssue(3, { state: 'closed' }, 'alice');
    }
    for (let round = 0; round < warmingRounds; round += 1) await daemon.round();
    for (const [index, [, change]] of changes.entries()) change(daemon.repositories[index] ?? expect.fail());
    const from = fake.requests.length;
    const pages = await daemon.round();
    const lists = fake.requests.slice(from).map((each) => each.path);
    const seen = changes.map(([what], index) => [
      what,
      { brings: titlesOf(pages[index]), wasRead: lists.some((path) => path.includes(`/r${index}/issues?`)) },
    ]);
    const expected = changes.map(([what, , brings]) => [what, { brings, wasRead: what !== 'nothing' }]);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
  });

  it('is seen twice where it happens twice within a second', async () => {
    const daemon = await createWarmDaemon(10);
    const [, , , , repository] = daemon.repositories;
    repository?.changeIssue(1, { title: 'One' }, 'alice');
    const page = (await daemon.round())[4];
    expect(titlesOf(page)).toEqual(['One']);
    const second = new Date((page?.kind === 'changed' && page.issues[0]?.updatedAt) || 0).toISOString();
    const sameSecond = rewrite(/("updated_?[aA]t":)"[^"]+"/g, `$1"${second.replace('.000Z', 'Z')}"`);
    fake.failNext(sameSecond, { path: /graphql|\/r4\/issues\?/, times: Number.POSITIVE_INFINITY });
    repository?.changeIssue(1, { title: 'Two' }, 'alice');
    expect(titlesOf((await daemon.round())[4])).toEqual(['Two']);
  });

  it('is seen again where the page was not kept', async () => {
    const daemon = await createWarmDaemon(10);
    const [before] = daemon.cursors;
    daemon.repositories[0]?.changeIssue(1, { title: 'Once more' }, 'alice');
    for (let round = 0; round < warmingRounds; round += 1) await daemon.round();
    daemon.cursors[0] = before ?? null;
    expect(titlesOf((await daemon.round())[0])).toEqual(['Once more']);
  });

  it('is told to each project that polls the repository by a query of its own', async () => {
    const daemon = await createWarmDaemon(10);
    const [source] = daemon.sources;
    const other: IssueQuery = { ...query, labels: ['urgent'] };
    let cursor: Cursor | null = null;
    const both = async (): Promise<IssuePage> => {
      const [page] = await Promise.all([source?.poll(other, cursor), daemon.round()]);
      cursor = page?.cursor ?? null;
      return page ?? expect.fail('no page');
    };
    for (let round = 0; round < warmingRounds; round += 1) await both();
    daemon.repositories[0]?.changeIssue(1, { labels: ['baton', 'urgent'] }, 'alice');
    expect(titlesOf(await both())).toEqual(['Cart total']);
    // A cursor of another query is none: polling begins anew, however quiet it is.
    for (let round = 0; round < warmingRounds; round += 1) await both();
    const [page] = await Promise.all([source?.poll(query, cursor), daemon.round()]);
    expect(titlesOf(page)).toEqual(['Cart total']);
  });

  it('is seen after a restart, which costs nothing where nothing happened', async () => {
    const daemon = await createWarmDaemon(10);
    daemon.repositories[7]?.changeIssue(1, { title: 'While away' }, 'alice');
    const next = daemon.restart();
    const used = countFrom(fake);
    const pages = await next.round();
    expect(pages.flatMap(titlesOf)).toEqual(['While away']);
    expect(pages.filter((page) => page.kind === 'unchanged')).toHaveLength(9);
    // The look, the one list that changed, and whose account and repository it is.
    expect([used.looks(), used.lists(), used.counted()]).toEqual([1, 10, 4]);
  });
});

describe('a look that tells nothing', () => {
  const faults: readonly (readonly [name: string, fault: HttpFault])[] = [
    ['a server error', { kind: 'answer', status: 502, body: 'Bad Gateway' }],
    ['no right to GraphQL', { kind: 'answer', status: 403, body: { message: 'Resource not accessible' } }],
    ['an error of the query', { kind: 'answer', status: 200, body: { data: null, errors: [{ message: 'Timeout' }] } }],
    ['a page for people', { kind: 'html' }],
    ['nulls', rewrite(/"data":.*/, '"data":{"r0":null,"r1":null}}')],
    ['issues that are hidden', rewrite(/"nodes":\[[^\]]*\]/g, '"nodes":[]')],
    ['another shape', rewrite(/"totalCount"/g, '"total"')],
  ];

  it.each(faults)('leaves the lists to be asked for: %s (G18)', async (_name, fault) => {
    const daemon = await createWarmDaemon(10);
    fake.failNext(fault, { operation: 'WhichRepositoriesChanged', times: Number.POSITIVE_INFINITY });
    daemon.repositories[5]?.openIssue({ ...issue, title: 'New' });
    const used = countFrom(fake);
    const pages = await daemon.round();
    expect(pages.flatMap(titlesOf)).toEqual(['New']);
    expect(used.lists()).toBe(10);
  });

  it('is told once, and looks go on as soon as they can', async () => {
    const daemon = await createWarmDaemon(10);
    fake.failNext({ kind: 'html' }, { operation: 'WhichRepositoriesChanged', times: 9 });
    for (let round = 0; round < 3; round += 1) await daemon.round();
    expect(daemon.lines).toEqual([expect.stringContaining("can't be asked at once")]);
    fake.clearFaults();
    for (let round = 0; round < warmingRounds; round += 1) await daemon.round();
    expect(daemon.lines).toEqual([expect.anything(), expect.stringContaining('at once again')]);
    const used = countFrom(fake);
    await daemon.round();
    expect(used.lists()).toBeLessThan(10);
  });

  it('concerns the one repository that is gone, or kept by single sign-on', async () => {
    const daemon = await createWarmDaemon(12);
    const forbidden = { type: 'FORBIDDEN', path: ['r3'], message: 'Resource protected by organization SAML.' };
    const change = (answer: object): object => {
      const { data } = Reflect.get(answer, 'body');
      return { ...answer, body: { data: { ...data, r3: null }, errors: [forbidden] } };
    };
    const fault = { kind: 'change', change } as HttpFault;
    fake.failNext(fault, { operation: 'WhichRepositoriesChanged', times: Number.POSITIVE_INFINITY });
    daemon.repositories[3]?.openIssue({ ...issue, title: 'Still seen' });
    const used = countFrom(fake);
    const pages = await daemon.round();
    expect(titlesOf(pages[3])).toEqual(['Still seen']);
    expect(used.lists()).toBeLessThan(8);
    fake.clearFaults();
    const gone = daemon.source('acme/gone');
    const error = await failureOf(Promise.all([gone.poll(query, null), daemon.round()]));
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toMatch(/list the issues of acme\/gone/);
    expect(daemon.lines).toEqual([]);
  });
});

describe('a poll that is aborted', () => {
  it('ends no other, before the query goes out or after', async () => {
    const daemon = await createWarmDaemon(10);
    for (const moment of ['before', 'after'] as const) {
      const quitter = new AbortController();
      const reason = new Error('I have had enough.');
      const used = countFrom(fake);
      if (moment === 'after') {
        // In the midst of the query.
        const change = (answer: unknown) => {
          quitter.abort(reason);
          return answer;
        };
        fake.failNext({ kind: 'change', change } as HttpFault, { operation: 'WhichRepositoriesChanged' });
      }
      const [source] = daemon.sources;
      const call = source?.poll(query, daemon.cursors[0] ?? null, { signal: quitter.signal });
      const rejected = expect(call).rejects.toBe(reason);
      const round = daemon.round();
      if (moment === 'before') quitter.abort(reason);
      await rejected;
      expect((await round).map((page) => page.kind)).toEqual(Array(10).fill('unchanged'));
      expect(used.looks()).toBe(1);
    }
  });

  it('leaves no timer and no query where nobody waits any more', async () => {
    const daemon = await createDaemon(10);
    const clock = createManualClock();
    const account = createGithub({
      credentials: { kind: 'token', token: fake.token },
      ...{ baseUrl: fake.baseUrl, runtime: { ...createSystemRuntime(), clock } },
    });
    const quitter = new AbortController();
    const used = countFrom(fake);
    const polls = daemon.repositories.map(({ fullName }) =>
      account.source({ repository: fullName }).poll(query, null, { signal: quitter.signal }),
    );
    const ended = Promise.allSettled(polls);
    expect(clock.sleeping).toBe(1);
    quitter.abort(new Error('The engine stops at once.'));
    expect((await ended).map((each) => each.status)).toEqual(Array(10).fill('rejected'));
    expect([clock.sleeping, used.all()]).toEqual([0, 0]);
  });
});
