import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWatchWorld, settledMs, type WatchWorld, whole } from '../watch-world.js';

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

describe('nothing is missed', () => {
  it('where a note does not show in updated_at, as GitLab lets it do so once a minute', async () => {
    await restart(2, { touchIntervalMs: 3_600_000 });
    const note = world.project.comment({ mergeRequest: 1 }, 'bob', 'Odd.');
    await world.poll();
    world.project.editComment(note, 'Round half up.', 'bob');
    expect((await world.pollFirst()).feedback).toEqual([]);
    world.leap(settledMs);
    expect((await world.pollFirst()).feedback.map(({ body }) => body)).toEqual(['Round half up.']);
  });

  it('by one look alone, which is always new', async () => {
    await restart(2, { touchIntervalMs: 3_600_000 });
    const note = world.project.comment({ mergeRequest: 1 }, 'bob', 'Odd.');
    await world.settle();
    world.project.editComment(note, 'Round half up.', 'bob');
    await world.project.setChecks(1, 'failed');
    const [seen] = await world.forge.observe([{ id: '1', cursor: world.cursors.get('1') ?? null }]);
    expect(seen?.feedback.map(({ body }) => body)).toEqual(['Round half up.']);
    expect(seen?.checks.state).toBe('failed');
    world.takeRequests();
    await world.forge.observe([{ id: '1', cursor: seen?.cursor ?? null }]);
    expect(world.takeRequests().slice(0, 2)).toEqual(whole);
    expect(await world.forge.observe([{ id: '99', cursor: null }])).toEqual([null]);
  });

  it('where a pipeline becomes visible late, with an instant that was passed already', async () => {
    await world.settle();
    await world.project.setChecks(1, 'failed');
    world.project.runElsewhere('main', 1);
    const without = (body: unknown): unknown =>
      (Array.isArray(body) ? body : []).filter((each) => Reflect.get(Object(each), 'ref') === 'main');
    world.fake.failNext(
      { kind: 'change', change: (answer) => ({ ...answer, body: without(answer.body) }) },
      { path: '/pipelines?' },
    );
    expect((await world.pollFirst()).checks.state).toBe('none');
    expect((await world.pollFirst()).checks.state).toBe('failed');
  });

  it('where the look at what is new fails', async () => {
    await world.settle();
    await world.project.setChecks(1, 'failed');
    world.fake.failNext({ kind: 'answer', status: 500, body: { message: '500' } }, { path: '/discussions' });
    await expect(world.poll()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await world.pollFirst()).checks.state).toBe('failed');
  });

  it('where CI does something while one is being read', async () => {
    await world.settle();
    world.project.comment({ mergeRequest: 1 }, 'bob', 'Odd.');
    let other: Promise<unknown> = Promise.resolve();
    let isDone = false;
    world.fake.failNext(
      {
        kind: 'change',
        change: (answer) => {
          if (isDone) return answer;
          isDone = true;
          // After the merge request was shown, and before its discussions were.
          other = world.project.setChecks(1, 'failed');
          return answer;
        },
      },
      { path: /merge_requests\/1$/ },
    );
    await world.poll();
    await other;
    expect((await world.pollFirst()).checks.state).toBe('failed');
  });

  it('for good: one is read whole each ten minutes, whatever the lists say', async () => {
    const notes = ['One.', 'Two.'].map((body, line) =>
      world.project.comment({ mergeRequest: 1 }, 'bob', body, { path: 'a.ts', line }),
    );
    await world.settle();
    const before = world.cursors.get('1');
    world.project.resolve(notes[0] ?? 0);
    world.leap(9 * 60_000);
    await world.poll();
    expect(world.cursors.get('1')).toBe(before);
    for (let minute = 0; minute < 4; minute += 1) {
      world.leap(61_000);
      await world.poll();
    }
    expect(world.cursors.get('1')).not.toBe(before);
  });

  for (const [name, isKnown] of [
    ['', true],
    [', the first of all', false],
  ] as const) {
    it(`where a look that began before CI was heard ends after it${name}`, async () => {
      const { runtime, gateway } = world.createParts();
      const [held, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let [calls, holdAt] = [0, 0];
      const run: typeof gateway.run = async (request, task, options) => {
        calls += 1;
        if (calls === holdAt) {
          held.resolve();
          await go.promise;
        }
        return gateway.run(request, task, options);
      };
      world.forge = world.createGitlab({ runtime, gateway: { ...gateway, run } }).forge;
      await world.forge.defaultBranch();
      if (isKnown) await world.settle();
      // Shown already; its discussions are held back.
      holdAt = calls + 2;
      const slow = world.forge.observe([{ id: '1', cursor: world.cursors.get('1') ?? null }]);
      await held.promise;
      await world.project.setChecks(1, 'failed');
      await world.poll();
      go.resolve();
      await slow;
      expect((await world.pollFirst()).checks.state).toBe('failed');
    });
  }

  it('where CI/CD is switched off after a pipeline was seen', async () => {
    await world.project.setChecks(1, 'pending');
    await world.settle();
    world.project.switchOff('CI/CD');
    await world.project.setChecks(1, 'failed');
    expect((await world.pollFirst()).checks.state).toBe('failed');
  });
});
