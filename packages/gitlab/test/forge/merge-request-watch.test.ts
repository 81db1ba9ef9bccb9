import type { Observation } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWatchWorld, quietPoll, type WatchWorld, whole } from '../watch-world.js';

let world: WatchWorld;

async function restart(...options: Parameters<typeof createWatchWorld>): Promise<void> {
  await world.dispose();
  world = await createWatchWorld(...options);
}

beforeEach(async () => {
  world = await createWatchWorld(3);
});
afterEach(async () => {
  await world.dispose();
  expect(world.fake.unexpected).toEqual([]);
});

describe('a quiet poll', () => {
  it('of a hundred merge requests asks twice, and no more than 0.05 times for each in the long run', async () => {
    await restart(100);
    await world.settle();
    const first = await world.poll();
    expect(world.takeRequests()).toEqual(quietPoll);
    expect(first.size).toBe(100);
    const rounds = 25;
    let most = 0;
    let all = 0;
    for (let round = 0; round < rounds; round += 1) {
      // Twice as long as between two polls, so that as much falls due as can.
      world.leap(61_000);
      await world.poll();
      const asked = world.takeRequests().length;
      [most, all] = [Math.max(most, asked), all + asked];
    }
    expect(all / (rounds * 100)).toBeLessThanOrEqual(0.05);
    // One that is due is read whole; there is never more than one in a poll.
    expect(most).toBe(4);
  });

  it('reads each once after a start, and once more when what a note may not show is past', async () => {
    await world.poll();
    const all = world.takeRequests().filter((each) => whole.includes(each));
    expect(all.length).toBe(6);
    world.leap(30_000);
    await world.poll();
    expect(world.takeRequests()).toEqual(quietPoll);
    world.leap(61_000);
    await world.poll();
    expect(world.takeRequests().filter((each) => whole.includes(each)).length).toBe(6);
  });

  it('stays one where other branches have pipelines, and where CI/CD is switched off', async () => {
    await world.settle();
    world.project.runElsewhere('main', 20);
    await world.poll();
    await world.poll();
    expect(world.takeRequests()).toEqual([...quietPoll, ...quietPoll]);
    await world.project.setChecks(1, 'failed');
    world.project.switchOff('CI/CD');
    await world.poll();
    expect(world.takeRequests()).toEqual(quietPoll);
  });

  it('tells again what was told, where the caller asks from the same place', async () => {
    await world.settle();
    world.project.comment({ mergeRequest: 1 }, 'bob', 'Round half up.');
    const asked = [...world.cursors].map(([id, cursor]) => ({ id, cursor }));
    const [first] = await world.forge.observe(asked);
    expect(first?.feedback.map(({ body }) => body)).toEqual(['Round half up.']);
    world.takeRequests();
    expect((await world.forge.observe(asked))[0]).toEqual(first);
    expect(world.takeRequests()).toEqual(quietPoll);
    const [, ...others] = asked;
    const [fromStart] = await world.forge.observe([{ id: '1', cursor: null }, ...others]);
    expect(fromStart?.feedback).toEqual(first?.feedback);
    expect(world.takeRequests()).toEqual([...quietPoll, ...whole]);
  });
});

describe('a poll sees at once', () => {
  const changes: readonly [string, () => unknown, (seen: Observation) => void][] = [
    [
      'a comment',
      () => world.project.comment({ mergeRequest: 1 }, 'bob', 'Odd.'),
      ({ feedback }) => expect(feedback.map(({ body }) => body)).toEqual(['Odd.']),
    ],
    [
      'an approval',
      () => world.project.review(1, 'bob', 'approve'),
      ({ feedback }) => expect(feedback.map(({ verdict }) => verdict)).toEqual(['approve']),
    ],
    [
      'a push',
      () => world.project.push('baton/issue-1'),
      ({ checks, pullRequest }) => expect([checks.state, pullRequest.headCommit.length]).toEqual(['none', 40]),
    ],
    [
      'a merge',
      () => world.project.changeMergeRequest(1, { state: 'merged' }, 'bob'),
      ({ pullRequest }) => expect(pullRequest.state.unified).toBe('merged'),
    ],
    [
      'that it became a draft',
      () => world.project.changeMergeRequest(1, { draft: true }, 'bob'),
      ({ pullRequest }) => expect(pullRequest.draft).toBe(true),
    ],
    [
      'a pipeline that failed',
      () => world.project.setChecks(1, 'failed'),
      ({ checks }) => expect(checks).toMatchObject({ state: 'failed', failures: [{ name: 'test' }] }),
    ],
    [
      'a pipeline of merged results, on a commit of its own',
      () => world.project.setChecks(1, 'passed', '', { merged: true }),
      ({ checks }) => expect(checks.state).toBe('passed'),
    ],
    [
      'a pipeline among more than are listed',
      async () => {
        await world.project.setChecks(1, 'failed');
        world.project.runElsewhere('main', 350);
      },
      ({ checks }) => expect(checks.state).toBe('failed'),
    ],
  ];
  for (const [name, change, check] of changes) {
    it(name, async () => {
      world.project.runElsewhere('main', 1);
      await world.settle();
      await change();
      check(await world.pollFirst());
      expect(world.takeRequests()).toEqual(expect.arrayContaining([...quietPoll]));
    });
  }

  it('a conflict, without a request more, and holds on to it while GitLab looks again', async () => {
    await world.settle();
    world.project.setConflicts(1, true);
    expect((await world.pollFirst()).pullRequest.mergeable).toBe('conflict');
    world.project.setConflicts(1, false);
    // What was read whole said that it can be merged; the list says that nobody knows at the moment.
    const text = JSON.stringify;
    world.fake.failNext(
      {
        kind: 'change',
        change: (answer) => ({
          ...answer,
          body: JSON.parse(
            text(answer.body)
              .replaceAll('can_be_merged', 'checking')
              .replaceAll('draft_status', 'checking')
              .replaceAll('"mergeable"', '"checking"'),
          ),
        }),
      },
      { path: '/merge_requests?' },
    );
    expect((await world.pollFirst()).pullRequest.mergeable).toBe('yes');
    expect(world.takeRequests()).toEqual([...quietPoll, ...quietPoll]);
  });

  it('each state of one pipeline, and the first pipeline that there ever is', async () => {
    await world.settle();
    for (const state of ['pending', 'failed', 'pending', 'passed'] as const) {
      await world.project.setChecks(1, state);
      expect((await world.pollFirst()).checks.state).toBe(state);
    }
  });

  it('what another call was told of', async () => {
    await world.settle();
    await world.project.setChecks(1, 'failed');
    // A call for others, and the pipeline with it.
    await world.forge.observe([...world.cursors].slice(1).map(([id, cursor]) => ({ id, cursor })));
    expect((await world.pollFirst()).checks.state).toBe('failed');
  });
});
