import {
  BatonError,
  type CallOptions,
  type CheckEvidence,
  type WorkspaceKey,
  type WorkspaceRequest,
} from '@baton/core';
import { createMemoryGate } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import type { BaselineMeasurement } from '../../src/index.js';
import { createPolicyFile, pushToBase } from '../policy/policy-world.js';
import { createRelay, fix, type Turns } from '../relay.js';

/** A relay whose workspaces note what is asked of them. */
function scene(
  change: Parameters<typeof createRelay>[1] = {},
  options: Parameters<typeof createRelay>[2] = {},
  turns: Turns = fix,
) {
  const relay = createRelay(turns, change, options);
  const opened: WorkspaceRequest[] = [];
  const removed: WorkspaceKey[] = [];
  const workspaces = {
    ...relay.workspaces,
    open: (request: WorkspaceRequest, call?: CallOptions) => {
      opened.push(request);
      return relay.workspaces.open(request, call);
    },
    remove: (key: WorkspaceKey, call?: CallOptions) => {
      removed.push(key);
      return relay.workspaces.remove(key, call);
    },
  };
  const sandbox = { ...relay.project.sandbox, network: ['example.com'], readable: ['/opt'], maxProcesses: 7 };
  const projects = [{ ...relay.project, workspaces, sandbox }];
  relay.source.people.set('bob', 'write');
  const standing = async (): Promise<readonly WorkspaceKey[]> =>
    (await Array.fromAsync(relay.workspaces.list())).map(({ key }) => key);
  return { ...relay, opened, removed, standing, create: (over = {}) => relay.create({ projects, ...over }) };
}

type Scene = ReturnType<typeof scene>;

async function run({ create, source }: Scene, over: Parameters<Scene['create']>[0] = {}): Promise<void> {
  source.seed({ labels: ['baton'] });
  const baton = create(over);
  await baton.runOnce();
  await baton.stop();
}

const mended = expect.stringContaining('+mended');

describe('the diff of a job', () => {
  it('is what was handed in once it stands on the remote alone, and the checkout for it goes again', async () => {
    const at = scene();
    await run(at);
    const { id } = await at.job();
    at.forge.merge(1);
    at.runtime.clock.advance(60_000);
    await at.create().runOnce();
    expect((await at.job()).phase).toBe('done');
    expect(await at.standing()).toEqual([]);
    const baton = at.create();
    expect(await baton.diff(id)).toEqual({ kind: 'diff', text: mended });
    expect(await at.standing()).toEqual([]);
    const { branch } = await at.job();
    expect(await baton.diff(id, { mayOpen: false })).toMatchObject({
      kind: 'on-branch',
      url: at.remote.url,
      ref: `refs/heads/${branch}`,
    });
  });

  it('is what stands in the checkout of a job that waits, in which commands reach what the project says', async () => {
    const at = scene({ ci: 'ask' });
    await run(at);
    const { id } = await at.job();
    at.opened.length = 0;
    expect(await at.create().diff(id)).toEqual({ kind: 'diff', text: mended });
    const confinement = { network: ['example.com'], readable: ['/opt'], maxProcesses: 7, maxMemoryBytes: null };
    expect(at.opened.map(({ sandbox }) => sandbox)).toEqual([confinement]);
  });

  it('opens no checkout in which an agent is at work, which would end what runs there', async () => {
    const begun = Promise.withResolvers<void>();
    const ending = Promise.withResolvers<void>();
    const at = scene({}, {}, async (turn, key) => {
      begun.resolve();
      await ending.promise;
      return fix(turn, key);
    });
    at.source.seed({ labels: ['baton'] });
    const baton = at.create();
    const ran = baton.runOnce();
    await begun.promise;
    const { id } = await at.job();
    at.opened.length = 0;
    expect(await baton.diff(id)).toEqual({ kind: 'under-way' });
    await expect(baton.checkout(id)).rejects.toSatisfy((error) => BatonError.is(error, 'CONFLICT'));
    expect(at.opened).toEqual([]);
    // To another process its provider says so.
    const open = () => Promise.reject(new BatonError('UNAVAILABLE', 'A command runs in it.', { details: {} }));
    const beside = at.create({ projects: [{ ...at.project, workspaces: { ...at.workspaces, open } }] });
    expect(await beside.diff(id)).toEqual({ kind: 'under-way' });
    ending.resolve();
    await ran;
    expect(await at.job()).toMatchObject({ phase: 'reviewing', attempt: 1 });
    expect(await baton.diff(id)).toEqual({ kind: 'diff', text: mended });
    await baton.stop();
  });

  it('is told to be nowhere, and why', async () => {
    const at = scene({ ci: 'ask' });
    await run(at);
    const { id } = await at.job();
    expect(await at.create({ projects: [{ ...at.project, name: 'other' }] }).diff(id)).toEqual({ kind: 'no-project' });
    await at.workspaces.remove({ job: id, attempt: 1, role: 'work' });
    expect(await at.create().diff(id)).toEqual({ kind: 'put-away' });
    const baton = at.create();
    await expect(baton.diff('j0')).rejects.toSatisfy((error) => BatonError.is(error, 'NOT_FOUND'));
  });
});

describe('checkouts that are to stay', () => {
  it('stay where a job has ended, and go with the next start that is not told so', async () => {
    const at = scene();
    await run(at, { keepWorkspaces: true });
    const { id } = await at.job();
    at.forge.merge(1);
    at.runtime.clock.advance(60_000);
    await at.create({ keepWorkspaces: true }).runOnce();
    expect((await at.job()).phase).toBe('done');
    expect(await at.standing()).toEqual([{ job: id, attempt: 1, role: 'work' }]);
    const baton = at.create({ keepWorkspaces: true });
    expect(await baton.checkout(id)).toBe(`/memory/${id}-1-work`);
    await at.create().runOnce();
    expect(await at.standing()).toEqual([]);
    expect(await baton.checkout(id)).toBeNull();
    await expect(baton.checkout('j0')).rejects.toSatisfy((error) => BatonError.is(error, 'NOT_FOUND'));
  });

  it('are of agents alone: what checks ran in goes', async () => {
    const at = scene();
    await run(at, { keepWorkspaces: true });
    expect(at.removed.map(({ role }) => role)).not.toContain('work');
    expect((await at.standing()).map(({ role }) => role)).toEqual(['work']);
  });
});

describe('a baseline that is measured', () => {
  const evidence: CheckEvidence = {
    name: 'test',
    base: null,
    head: null,
    basis: 'exit-code',
    knownFailures: [],
    notes: [],
  };
  const measure = async (at: Scene, name = 'web'): Promise<readonly BaselineMeasurement[]> =>
    Array.fromAsync(at.create().measureBaseline(name));

  it('tells what the repository asks, then each check of either, in a checkout that goes again', async () => {
    const measured: string[] = [];
    const gate = createMemoryGate({ id: 'own', baseline: () => [evidence] });
    const at = scene({ gates: [gate], policyFile: createPolicyFile(measured) });
    const commit = pushToBase(at, { '.policy': JSON.stringify({ red: 'wrong' }) });
    const place = { branch: 'main', commit };
    expect(await measure(at)).toMatchObject([
      { kind: 'policy', ...place, found: { kind: 'policy' } },
      { kind: 'check', ...place, evidence: { name: 'test' } },
      { kind: 'check', ...place, evidence: { name: 'asked' } },
    ]);
    expect(measured).toEqual(['wrong']);
    const confinement = { network: ['example.com'], readable: ['/opt'], maxProcesses: 7, maxMemoryBytes: null };
    expect(at.opened.map(({ sandbox }) => sandbox)).toEqual([confinement]);
    expect(await at.standing()).toEqual([]);
  });

  it('leaves no checkout where a check fails to run, and knows no project that is not there', async () => {
    const broken = createMemoryGate({
      id: 'own',
      baseline: () => {
        throw new Error('no such program');
      },
    });
    const at = scene({ gates: [broken] });
    await expect(measure(at)).rejects.toThrow('no such program');
    expect(await at.standing()).toEqual([]);
    await expect(measure(at, 'other')).rejects.toSatisfy((error) => BatonError.is(error, 'NOT_FOUND'));
  });
});
