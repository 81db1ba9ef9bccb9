import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import type { Clock, Cursor, Observation } from '@baton/core';
import { createFakeGithub, type FakeGithub, type FakeGithubRepository } from '@baton/fake-hosts';
import { createGithub } from '@baton/github';
import { afterEach, describe, expect, it } from 'vitest';

let fake: FakeGithub;

afterEach(async () => {
  await fake.close();
});

const each = 30;
const head = (number: number): string => `baton/issue-${number}`;

/** One watcher over four repositories with thirty open pull requests each. Time goes on between rounds only. */
async function createWatcher() {
  const runtime = createSystemRuntime();
  let skipped = 0;
  const now = (): number => runtime.clock.now() + skipped;
  fake = await createFakeGithub({ now });
  const clock: Clock = { ...runtime.clock, now, monotonic: () => runtime.clock.monotonic() + skipped };
  const moved = { ...runtime, clock };
  const account = createGithub({
    credentials: { kind: 'token', token: fake.token },
    ...{ baseUrl: fake.baseUrl, runtime: moved, retryPauseMs: 1 },
    gateway: createGateway({ host: 'fake', adapter: 'github', runtime: moved, writeIntervalMs: 0 }),
  });
  const repositories: FakeGithubRepository[] = [];
  for (const name of ['acme/a', 'acme/b', 'acme/c', 'acme/d']) {
    const repository = fake.repository(name);
    repository.allow('bob', 'write');
    for (let number = 1; number <= each; number += 1) {
      await repository.push(head(number));
      repository.openPull({ head: head(number), title: 'Mended', body: '', by: 'baton' });
    }
    repositories.push(repository);
  }
  const forges = repositories.map(({ fullName }) => account.forge({ repository: fullName }));
  const cursors = repositories.map(() => Array.from({ length: each }, (): Cursor | null => null));
  /** What the watcher sees, by repository and number, and remembers. */
  const round = async (): Promise<readonly (readonly (Observation | null)[])[]> => {
    skipped += 30_000;
    return Promise.all(
      forges.map(async (forge, index) => {
        const known = cursors[index] ?? [];
        const seen = await forge.observe(known.map((cursor, at) => ({ id: String(at + 1), cursor })));
        for (const [at, observation] of seen.entries()) known[at] = observation?.cursor ?? null;
        return seen;
      }),
    );
  };
  for (let warming = 0; warming < 4; warming += 1) await round();
  return { repositories, forges, cursors, round };
}

describe('pull requests that nothing happens to', () => {
  it('cost a hundredth of a request a poll, and now and then a whole look', async () => {
    const { round } = await createWatcher();
    const from = fake.requests.length;
    const rounds = 20;
    for (let count = 0; count < rounds; count += 1) {
      const seen = (await round()).flat();
      expect(seen).toHaveLength(4 * each);
      expect(seen.every((one) => one?.pullRequest.state.unified === 'open' && one.feedback.length === 0)).toBe(true);
    }
    const asked = fake.requests.slice(from);
    const looks = asked.filter(({ operation }) => operation === 'WhichPullRequestsChanged').length;
    const whole = asked.filter(({ operation }) => operation === 'ObservePullRequests').length;
    // 120 of them are two requests a round.
    expect(looks).toBeLessThanOrEqual(2 * rounds);
    // Twice in ten minutes each is due, spread over the rounds; a repository's are asked for together.
    expect(whole).toBeLessThanOrEqual(4 * rounds);
    expect(asked).toHaveLength(looks + whole);
    expect(asked.length / (rounds * 4 * each)).toBeLessThanOrEqual(0.05);
  }, 60_000);

  it('are told from one that something happened to, at the next poll', async () => {
    const { repositories, round } = await createWatcher();
    const [repository] = repositories;
    if (!repository) throw new Error('no repository');
    repository.review(1, 'bob', { body: 'Name it better.', verdict: 'request-changes', path: 'a.ts', line: 1 });
    repository.setChecks(2, [{ id: 7, kind: 'status', name: 'ci', conclusion: 'failure', summary: 'red', log: null }]);
    await repository.changePull(3, { state: 'merged' }, 'bob');
    repository.setMergeable(4, 'CONFLICTING');
    await repository.push(head(5));
    repository.comment(6, 'bob', 'And the docs.');
    const [seen] = await round();
    expect(seen?.[0]?.feedback.map(({ body }) => body)).toContain('Name it better.');
    expect(seen?.[1]?.checks.state).toBe('failed');
    expect(seen?.[2]?.pullRequest.state.unified).toBe('merged');
    expect(seen?.[3]?.pullRequest.mergeable).toBe('conflict');
    expect(seen?.[4]?.pullRequest.headCommit).not.toBe(seen?.[5]?.pullRequest.headCommit);
    expect(seen?.[5]?.feedback.map(({ body }) => body)).toEqual(['And the docs.']);
    expect(seen?.slice(6).every((one) => one?.feedback.length === 0)).toBe(true);
    // What stands goes on standing, and is told but once.
    const [later] = await round();
    expect(later?.[0]?.feedback).toEqual([]);
    expect(later?.[1]?.checks.state).toBe('failed');
  });

  it('are told in full to whoever has not heard what was said', async () => {
    const { repositories, forges, cursors, round } = await createWatcher();
    repositories[0]?.comment(1, 'bob', 'And the docs.');
    const before = cursors[0]?.[0] ?? null;
    for (let count = 0; count < 4; count += 1) await round();
    const [job] = (await forges[0]?.observe([{ id: '1', cursor: before }])) ?? [];
    expect(job?.feedback.map(({ body }) => body)).toEqual(['And the docs.']);
  });

  it('are looked at whole where they cannot be looked at together', async () => {
    const { repositories, round } = await createWatcher();
    fake.failNext(
      { kind: 'answer', status: 502, body: 'Bad gateway' },
      { operation: 'WhichPullRequestsChanged', times: 20 },
    );
    repositories[1]?.comment(1, 'bob', 'And the docs.');
    const [, seen] = await round();
    expect(seen?.[0]?.feedback).toHaveLength(1);
    expect(seen?.filter((one) => one === null)).toEqual([]);
  });
});
