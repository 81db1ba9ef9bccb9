import type { CallOptions, WorkspaceKey } from '@baton/core';
import type { Git } from '../git/git.js';
import { checkedId, identity } from '../vault/remotes.js';
import type { CommitTree } from './commit-tree.js';

/**
 * Puts the commits that lead to `commit` and not to `onto` on top of `onto`, in the vault alone. Null where one
 * doesn't apply. Authors, dates and messages stay, so that doing it again gives the same ids; a commit that
 * changes nothing there any more is left out.
 */
export async function rebaseCommits(
  { git, commitTree }: { readonly git: Git; readonly commitTree: CommitTree },
  { vault, key }: { readonly vault: string; readonly key: WorkspaceKey },
  request: { readonly commit: string; readonly onto: string },
  options?: CallOptions,
): Promise<string | null> {
  const commit = checkedId(request.commit);
  const onto = checkedId(request.onto);
  const run = async (argv: readonly [string, ...string[]], accept?: readonly number[]) =>
    await git({ argv, gitDir: vault, ...(accept ? { accept } : {}) }, options);
  const isAncestor = async (older: string, newer: string): Promise<boolean> =>
    (await run(['merge-base', '--is-ancestor', older, newer], [1])).exitCode === 0;
  if (await isAncestor(commit, onto)) return onto;
  if (await isAncestor(onto, commit)) return commit;

  const { stdout } = await run(['rev-list', '--reverse', '--first-parent', '--topo-order', `${onto}..${commit}`, '--']);
  let head = onto;
  let headTree = (await run(['rev-parse', '--verify', `${onto}^{tree}`])).stdout.trim();
  for (const each of stdout.split('\n').filter((line) => line !== '')) {
    const picked = await readCommit(git, vault, each, options);
    if (picked.parent === null) return null;
    // merge-tree takes the base from the history: a commit with the tree of ours and the parent of theirs has the right one.
    const stand = await git(
      {
        argv: ['commit-tree', headTree, '-p', picked.parent, '-F', '-'],
        gitDir: vault,
        input: 'stand-in\n',
        env: identity('Baton', 'baton@localhost', 0),
      },
      options,
    );
    const merge = ['merge-tree', '--write-tree', '--no-messages', '--name-only', stand.stdout.trim(), each] as const;
    const merged = await run(merge, [1]);
    if (merged.exitCode === 1) return null;
    const tree = merged.stdout.split('\n')[0] ?? '';
    if (tree === headTree) continue;
    const { message, env } = picked;
    head = await commitTree({ vault, key }, { tree, parents: [head], message, env }, options);
    headTree = tree;
  }
  return head;
}

interface Picked {
  readonly parent: string | null;
  readonly message: string;
  readonly env: Readonly<Record<string, string>>;
}

async function readCommit(git: Git, vault: string, commit: string, options?: CallOptions): Promise<Picked> {
  const { stdout } = await git({ argv: ['cat-file', 'commit', commit], gitDir: vault }, options);
  const end = stdout.indexOf('\n\n');
  const head = stdout.slice(0, end).split('\n');
  const field = (name: string): string | null =>
    head.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? null;
  return {
    parent: field('parent'),
    message: stdout.slice(end + 2),
    env: { ...person('AUTHOR', field('author')), ...person('COMMITTER', field('committer')) },
  };
}

function person(role: 'AUTHOR' | 'COMMITTER', line: string | null): Readonly<Record<string, string>> {
  const [, name = '', email = '', seconds = '0', zone = '+0000'] =
    /^(.*) <(.*)> (\d+) ([+-]\d+)$/.exec(line ?? '') ?? [];
  return {
    [`GIT_${role}_NAME`]: name === '' ? 'unknown' : name,
    [`GIT_${role}_EMAIL`]: email,
    [`GIT_${role}_DATE`]: `@${seconds} ${zone}`,
  };
}
