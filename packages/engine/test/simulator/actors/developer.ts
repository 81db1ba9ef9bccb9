import type { Choices } from '../choices.js';
import type { Host } from '../host/host.js';
import { openPulls, pickPull } from '../host/pulls.js';
import type { World } from '../world.js';
import type { Actor } from './actor.js';

/** Whoever pushes. */
export const developer: Actor = {
  who: 'developers',
  deeds: {
    'push to a pull request': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      const { host, pull } = found;
      return push(world, host, pull.pullRequest.head, `by hand ${choose.below(1_000)}`);
    },
    'push to a branch of Baton': (world, choose) => {
      const found = pickBranch(world, choose, (branch) => branch.startsWith('baton/'));
      return found && push(world, found.host, found.branch, `by hand ${choose.below(1_000)}`);
    },
    'take a branch of that name': takeBranch,
    'push to the default branch': (world, choose) => {
      const host = choose.pick(world.hosts);
      return host && push(world, host, host.remote.defaultBranch, null);
    },
    'update a branch by the button': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      const { remote } = found.host;
      const { head, base } = found.pull.pullRequest;
      push(world, found.host, base, null);
      const [ours, theirs] = [remote.branches.get(head), remote.branches.get(base)];
      const [left, right] = [ours, theirs].map((id) => remote.trees.get(remote.commits.get(id ?? '')?.tree ?? ''));
      // Only the one file changes on a base that nothing was merged into, so that nothing conflicts.
      if (ours === undefined || theirs === undefined || !left || right?.get('app.txt') !== 'broken\n') return null;
      const readme = right.get('README.md') ?? '';
      if (left.get('README.md') === readme) return null;
      const tree = remote.addTree(new Map([...left, ['README.md', readme]]));
      const commit = remote.addCommit({ tree, parents: [ours, theirs], message: `Merge ${base}` });
      remote.branches.set(head, commit);
      return `brought ${head} of ${found.host.name} up to date with ${base}`;
    },
    revert: (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      const { remote } = host;
      const head = remote.branches.get(remote.defaultBranch) ?? '';
      const before = remote.commits.get(remote.commits.get(head)?.parents[0] ?? '');
      if (!before) return null;
      const commit = remote.addCommit({ tree: before.tree, parents: [head], message: 'Revert' });
      remote.branches.set(remote.defaultBranch, commit);
      return `reverted the last commit on ${remote.defaultBranch} of ${host.name}`;
    },
    'delete a branch of Baton': (world, choose) => {
      const found = pickBranch(world, choose, (branch) => branch.startsWith('baton/'));
      if (!found) return null;
      const { host, branch } = found;
      // A host closes the pull request whose branch goes.
      for (const each of openPulls(world)) {
        if (each.host === host && each.pull.pullRequest.head === branch) host.forge.closePull(each.number);
      }
      host.remote.branches.delete(branch);
      world.note({ kind: 'branch-gone', host, branch });
      return `deleted the branch ${branch} of ${host.name}`;
    },
    'rename the default branch': (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      const [from, to] = host.remote.defaultBranch === 'main' ? ['main', 'trunk'] : ['trunk', 'main'];
      host.remote.renameBranch(from, to);
      world.note({ kind: 'branch-gone', host, branch: from });
      // A host retargets what was aimed at it.
      for (const { number, pull, host: its } of openPulls(world)) {
        if (its === host && pull.pullRequest.base === from) host.forge.edit(number, { base: to });
      }
      return `renamed ${from} of ${host.name} to ${to}`;
    },
  },
};

/** Somebody's own work on the branch that an issue's job would have. */
export function takeBranch(world: World, choose: Choices): string | null {
  const host = choose.pick(world.hosts);
  const issue = choose.pick(host?.issues ?? []);
  if (!host || !issue) return null;
  const branch = `baton/issue-${issue.id}`;
  const base = host.remote.branches.get(host.remote.defaultBranch);
  if (base === undefined || host.remote.branches.has(branch)) return null;
  host.remote.branches.set(branch, base);
  return push(world, host, branch, 'by hand before');
}

function pickBranch(
  { hosts }: World,
  choose: Choices,
  isMeant: (branch: string) => boolean,
): { readonly host: Host; readonly branch: string } | null {
  return choose.pick(
    hosts.flatMap((host) => [...host.remote.branches.keys()].filter(isMeant).map((branch) => ({ host, branch }))),
  );
}

function push(world: World, host: Host, branch: string, text: string | null): string | null {
  const { remote } = host;
  const head = remote.branches.get(branch);
  const tree = remote.trees.get(remote.commits.get(head ?? '')?.tree ?? '');
  if (head === undefined || !tree) return null;
  const readme = `An app, ${(tree.get('README.md') ?? '').length}.\n`;
  const files = new Map([
    ...tree,
    ...(text === null ? [['README.md', readme] as const] : [['hand.txt', text] as const]),
  ]);
  const commit = remote.addCommit({ tree: remote.addTree(files), parents: [head], message: 'By hand' });
  remote.branches.set(branch, commit);
  world.note({ kind: 'pushed', host, branch, commit });
  return `pushed to ${branch} of ${host.name}`;
}
