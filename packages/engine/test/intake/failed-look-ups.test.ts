import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createManualRuntime, createProjectWorld } from '../memory-world.js';
import { createRelay, fix } from '../relay.js';

const away = (fix?: string) =>
  new BatonError('UNAVAILABLE', 'people.yaml says of bob neither read nor write.', {
    details: {},
    ...(fix && { fix }),
  });

/** Three issues; of the second nobody can tell whether its author may. */
function createScene(failure: Error) {
  const relay = createRelay();
  for (const login of ['alice', 'bob', 'carol']) relay.source.seed({ labels: ['baton'], author: login });
  const { source } = relay.project;
  const permission: typeof source.permission = async (actor, options) => {
    if (actor.login === 'bob') throw failure;
    return source.permission(actor, options);
  };
  const project = { ...relay.project, source: { ...source, permission } };
  return { relay, project, create: () => relay.create({ projects: [project] }) };
}

describe('a look-up that fails', () => {
  it('is told of its issue alone, by plan and explain, and as dispatch takes it (G7)', async () => {
    const scene = createScene(away('mend people.yaml'));
    const { explanations, failures } = await scene.create().plan();
    expect(failures).toEqual([]);
    expect(explanations.map(({ issue, verdict }) => [issue.key, verdict.kind])).toEqual([
      ['mem#1', 'run'],
      ['mem#2', 'wait'],
      ['mem#3', 'run'],
    ]);
    const reason = 'people.yaml says of bob neither read nor write. To mend it: mend people.yaml.';
    const told = await scene.create().explain('mem#2');
    expect(told?.verdict).toEqual({
      kind: 'wait',
      wait: 'unavailable',
      until: null,
      reason,
      checks: [{ check: 'look-up', ok: false, detail: reason, wouldRunIf: 'mend people.yaml' }],
    });
    const baton = scene.create();
    await baton.runOnce();
    await baton.stop();
    const jobs = await scene.relay.jobs();
    expect(jobs.map(({ issueKey, wait, phase }) => [issueKey, wait ?? phase]).toSorted()).toEqual([
      ['mem#1', 'reviewing'],
      ['mem#2', 'unavailable'],
      ['mem#3', 'reviewing'],
    ]);
    // Of a job that is there it is told alike.
    expect((await scene.create().explain('mem#2'))?.verdict).toEqual(told?.verdict);
  });

  it.each([
    ['a host that names an instant', new BatonError('RATE_LIMITED', 'Slow down.', { details: { retryAt: 9_000_000 } })],
    [
      'no sense in an answer',
      new BatonError('PROTOCOL_VIOLATION', 'No login stands there.', { details: { received: '' } }),
    ],
    ['a fault of the adapter', new Error('undefined is no function')],
  ])('by %s is told as the job comes to stand', async (_what, failure) => {
    const scene = createScene(failure);
    const { verdict } = (await scene.create().explain('mem#2')) ?? expect.unreachable();
    const baton = scene.create();
    await baton.runOnce();
    await baton.stop();
    const job = (await scene.relay.jobs()).find(({ issueKey }) => issueKey === 'mem#2');
    expect(verdict.kind === 'end' ? verdict.outcome : verdict.kind === 'wait' ? verdict.wait : null).toBe(
      job?.outcome ?? job?.wait,
    );
  });

  it('of all issues of a project hides no other project', async () => {
    const runtime = createManualRuntime(1);
    const relay = createRelay();
    const other = createProjectWorld(runtime, 'shop', fix);
    for (const source of [relay.source, other.source]) source.seed({ labels: ['baton'] });
    relay.source.failures.set('poll', away());
    const { explanations, failures } = await relay.create({ projects: [relay.project, other.project] }).plan();
    expect(failures).toEqual([{ project: 'web', error: away() }]);
    expect(explanations.map(({ project }) => project)).toEqual(['shop']);
  });

  it('of a poll tells what its host lets Baton do yet, as a good one does', async () => {
    const { source, runtime, ...relay } = createRelay();
    const quota = { limit: 60, remaining: 0, resetAt: runtime.clock.now() + 60_000 };
    source.hostQuotas.set('core', quota);
    const baton = relay.create();
    const told: unknown[] = [];
    const listening = (async () => {
      for await (const event of baton.events())
        if (event.type === 'project-polled' || event.type === 'poll-failed') told.push([event.type, event.quotas]);
    })();
    await baton.runOnce();
    source.failures.set('poll', away());
    await baton.runOnce();
    await baton.stop();
    await listening;
    const quotas = [{ name: 'core', ...quota }];
    expect(told).toEqual([
      ['project-polled', quotas],
      ['poll-failed', quotas],
    ]);
  });

  it('of what Baton itself remembers is told of no issue: nothing is known of any', async () => {
    const scene = createScene(new BatonError('STORE_UNREADABLE', 'It is damaged.', { details: { path: '/x' } }));
    await expect(scene.create().plan()).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
    await expect(scene.create().explain('mem#2')).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });
});
