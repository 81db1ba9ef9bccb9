import assert from 'node:assert/strict';
import type { WorkspaceProvider } from '@baton/core';
import type { ContractCase } from '../contract.js';
import type { PersonsRepository, WorkspaceRig } from './rig.js';
import { openAtMain, rejectsWith } from './scene.js';

const branch = 'baton/rescue/j1';
const kept = 'refs/baton/rescue/j1/1';

const lists = { what: 'rescued', holds: ({ provider }: WorkspaceRig) => provider.rescued !== undefined };
const restores = {
  what: "restore, and a repository of a person's",
  holds: ({ provider, person }: WorkspaceRig) => provider.restore !== undefined && person !== undefined,
};
const prunes = {
  what: 'prune, and a way to age what is kept',
  holds: ({ provider, age }: WorkspaceRig) => provider.prune !== undefined && age !== undefined,
};

/** Leaves work of an attempt behind that no remote has; the ref under which it is kept. */
async function rescue(rig: WorkspaceRig, text = 'work\n', job = 'j1', attempt = 1): Promise<string | null> {
  const workspace = await openAtMain(rig, { job, attempt });
  await workspace.writeFile('new.txt', text);
  return await rig.provider.remove(workspace.key);
}

async function personOf(rig: WorkspaceRig): Promise<PersonsRepository> {
  const person = await rig.person?.();
  assert.ok(person);
  return person;
}

function restore(
  { provider }: WorkspaceRig,
  { into, environment }: Pick<PersonsRepository, 'into' | 'environment'>,
  { ref = kept, checkout = false }: { readonly ref?: string; readonly checkout?: boolean } = {},
): Promise<string | null> {
  assert.ok(provider.restore);
  return provider.restore({ ref, into, branch, checkout, environment });
}

type Needed = Readonly<Record<string, string>>;

/** What stays of the copies of repositories, and why; null where one went or would go. */
async function prune(
  { prune: method }: WorkspaceProvider,
  needed: Needed = {},
  dryRun = false,
): Promise<readonly (string | null)[]> {
  assert.ok(method);
  const judged = await method({ whyNeeded: async (job) => needed[job] ?? null, dryRun });
  assert.equal(new Set(judged.map(({ name }) => name)).size, judged.length, 'no two are named alike');
  for (const { usedAt } of judged) assert.ok(Number.isFinite(usedAt));
  return judged.map(({ keptFor }) => keptFor);
}

/** Whether a repository's base has to be fetched before it can be opened. */
async function isGone(rig: WorkspaceRig, baseCommit: string): Promise<boolean> {
  const opened = openAtMain(rig, { job: 'j9', role: 'verify', baseCommit });
  const code = await opened.then(
    () => null,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
  assert.ok(code === null || code === 'NOT_FOUND', String(code));
  await rig.provider.remove({ job: 'j9', attempt: 1, role: 'verify' });
  return code !== null;
}

/** What is kept once checkouts are gone: listed, brought back, and thrown away where nothing needs it. */
export const keptCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'rescued-work-is-listed-by-job-and-attempt',
    requires: lists,
    run: async (rig) => {
      assert.deepEqual(await rig.provider.rescued?.(), []);
      for (const [job, attempt] of [['j2', 1] as const, ['j1', 10] as const, ['j1', 2] as const]) {
        assert.equal(await rescue(rig, 'work\n', job, attempt), `refs/baton/rescue/${job}/${attempt}`);
      }
      const check = await openAtMain(rig, { job: 'j3', role: 'verify' });
      await check.writeFile('report.xml', 'left behind\n');
      await rig.provider.remove(check.key);
      const listed = [
        { ref: 'refs/baton/rescue/j1/2', job: 'j1', attempt: 2 },
        { ref: 'refs/baton/rescue/j1/10', job: 'j1', attempt: 10 },
        { ref: 'refs/baton/rescue/j2/1', job: 'j2', attempt: 1 },
      ];
      assert.deepEqual(await rig.provider.rescued?.(), listed);
      const later = await rig.restart();
      assert.deepEqual(await later.rescued?.(), listed, 'nobody else has to remember it');
    },
  },
  {
    id: 'restored-work-is-a-branch-and-stays-kept',
    requires: restores,
    run: async (rig) => {
      await rescue(rig);
      const person = await personOf(rig);
      const before = await person.branches();
      const commit = await restore(rig, person);
      assert.equal((await person.filesAt(commit ?? '')).get('new.txt'), 'work\n');
      assert.deepEqual(await person.branches(), new Map([...before, [branch, commit]]));
      assert.equal(await restore(rig, person), commit, 'the same again');
      assert.deepEqual(await person.branches(), new Map([...before, [branch, commit]]));
      assert.equal((await rig.rescued(kept))?.get('new.txt'), 'work\n');
      assert.deepEqual(await rig.branches(), new Map([['main', before.get('main')]]), 'the remote hears nothing');
    },
  },
  {
    id: 'restore-of-what-is-not-kept-is-null',
    requires: restores,
    run: async (rig) => {
      const person = await personOf(rig);
      const before = await person.branches();
      assert.equal(await restore(rig, person), null);
      await rescue(rig);
      for (const ref of ['refs/baton/rescue/j1/2', 'refs/baton/rescue/j1', 'refs/heads/main', 'main', '--all']) {
        assert.equal(await restore(rig, person, { ref }), null, ref);
      }
      assert.deepEqual(await person.branches(), before);
    },
  },
  {
    id: 'restore-leaves-a-branch-that-holds-something-else',
    requires: restores,
    run: async (rig) => {
      await rescue(rig);
      const person = await personOf(rig);
      const theirs = await person.commit(branch);
      await rejectsWith(restore(rig, person), 'CONFLICT');
      assert.equal((await person.branches()).get(branch), theirs);
    },
  },
  {
    id: 'restore-goes-on-with-a-branch-of-what-was-kept-before',
    requires: restores,
    run: async (rig) => {
      const person = await personOf(rig);
      await rescue(rig, 'first\n');
      const first = await restore(rig, person);
      await rescue(rig, 'second\n');
      const second = await restore(rig, person);
      assert.notEqual(second, first);
      assert.equal((await person.branches()).get(branch), second);
      assert.equal((await person.filesAt(second ?? '')).get('new.txt'), 'second\n');
    },
  },
  {
    id: 'restore-into-no-repository-not-found',
    requires: restores,
    run: async (rig) => {
      await rescue(rig);
      const { nowhere, environment } = await personOf(rig);
      await rejectsWith(restore(rig, { into: nowhere, environment }), 'NOT_FOUND');
    },
  },
  {
    id: 'restore-changes-a-checkout-only-where-it-is-asked-to',
    requires: {
      what: "restore, and a checkout of a person's",
      holds: (rig) => restores.holds(rig) && rig.lookIn !== undefined,
    },
    run: async (rig) => {
      await rescue(rig);
      const person = await personOf(rig);
      const checkout = rig.lookIn?.(person);
      assert.ok(checkout);
      await checkout.write('new.txt', 'being edited\n');
      await restore(rig, person);
      assert.equal(await checkout.branch(), 'main');
      assert.equal(await checkout.read('new.txt'), 'being edited\n');
      await rejectsWith(restore(rig, person, { checkout: true }), 'COMMAND_FAILED');
      assert.equal(await checkout.branch(), 'main');
      assert.equal(await checkout.read('new.txt'), 'being edited\n', 'it would have been written over');
      await checkout.write('new.txt', null);
      for (const time of ['once', 'again, from the branch itself']) {
        await restore(rig, person, { checkout: true }).catch(() => assert.fail(time));
        assert.equal(await checkout.branch(), branch);
        assert.equal(await checkout.read('new.txt'), 'work\n');
      }
    },
  },
  {
    id: 'prune-removes-what-nothing-needs-and-fetch-brings-it-in-again',
    requires: prunes,
    run: async (rig) => {
      assert.deepEqual(await prune(rig.provider), []);
      const workspace = await openAtMain(rig);
      const { baseCommit } = workspace;
      await rig.provider.remove(workspace.key);
      await rig.age?.();
      assert.deepEqual(await prune(rig.provider, {}, true), [null]);
      assert.equal(await isGone(rig, baseCommit), false, 'nothing was to go');
      await rig.age?.();
      assert.deepEqual(await prune(rig.provider), [null]);
      assert.equal(await isGone(rig, baseCommit), true);
      const again = await openAtMain(rig);
      assert.deepEqual((await again.snapshot()).changes, []);
      await again.writeFile('new.txt', 'work\n');
      assert.equal((await again.snapshot()).changes.length, 1);
    },
  },
  {
    id: 'prune-keeps-what-has-a-checkout',
    requires: prunes,
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await rig.age?.();
      const [why] = await prune(rig.provider);
      assert.match(why ?? '', /checkout/);
      assert.equal((await openAtMain(rig, { baseCommit: workspace.baseCommit })).reused, true);
    },
  },
  {
    id: 'prune-keeps-rescued-work',
    requires: prunes,
    run: async (rig) => {
      await rescue(rig);
      await rig.age?.();
      const [why] = await prune(rig.provider);
      assert.match(why ?? '', /rescued/);
      assert.equal((await rig.rescued(kept))?.get('new.txt'), 'work\n');
    },
  },
  {
    id: 'prune-keeps-work-of-jobs-that-are-needed',
    requires: {
      what: 'prune, and commits that a crash left',
      holds: (rig) => prunes.holds(rig) && rig.leave !== undefined,
    },
    run: async (rig) => {
      const { key, baseCommit } = await openAtMain(rig, { role: 'verify' });
      await rig.provider.remove(key);
      await rig.leave?.('j1');
      await rig.age?.();
      const why = 'it holds work of j1, which is reviewing';
      assert.deepEqual(await prune(rig.provider, { j1: 'is reviewing' }), [why]);
      assert.equal(await isGone(rig, baseCommit), false);
      await rig.age?.();
      assert.deepEqual(await prune(rig.provider, { j2: 'is reviewing' }), [null]);
      assert.equal(await isGone(rig, baseCommit), true);
    },
  },
];
