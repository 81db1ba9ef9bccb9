import { BatonError, type CheckEvidence } from '@baton/core';
import { createMemoryGate } from '@baton/memory';
import type { Limits, PolicyFile } from '../../src/index.js';
import type { ProjectWorld } from '../memory-world.js';

/** A policy of the tests' own format: JSON. `red`: a word that its check finds wrong in app.txt. */
interface WrittenPolicy {
  readonly limits?: Partial<Limits>;
  readonly red?: string;
  readonly instructions?: string;
}

const green: CheckEvidence = {
  name: 'asked',
  base: null,
  head: null,
  basis: 'exit-code',
  knownFailures: [],
  notes: [],
};

/** Reads policies in JSON. `measured`: the words whose check was measured on a base, in order. */
export function createPolicyFile(measured: string[] = []): PolicyFile {
  return {
    paths: ['.policy', '.policies'],
    maxBytes: 200,
    async read({ path, text }) {
      let written: WrittenPolicy;
      try {
        written = JSON.parse(text);
      } catch {
        throw new BatonError('CONFIG_INVALID', `${path}:1: not readable\n  at all`, {
          details: { setting: path },
          fix: 'write JSON',
        });
      }
      const { limits = {}, red, instructions = null } = written;
      const check = createMemoryGate({
        id: 'asked',
        cacheKey: red ?? '',
        baseline: () => {
          measured.push(red ?? '');
          return [green];
        },
        judge: async (readFile) =>
          (await readFile('app.txt'))?.includes(red ?? '')
            ? { verdict: 'rework', feedback: `The repository finds ${red} wrong.`, checks: [green] }
            : { verdict: 'pass', checks: [green] },
      });
      return { limits, rules: [], checks: red === undefined ? [] : [check], instructions, summary: [`red: ${red}`] };
    },
  };
}

/** A person's commit on the base branch of a remote; null deletes. */
export function pushToBase(
  { remote }: ProjectWorld,
  files: Readonly<Record<string, string | null>>,
  message = 'A person',
): string {
  const parent = remote.branches.get('main') ?? '';
  const tree = new Map(remote.trees.get(remote.commits.get(parent)?.tree ?? ''));
  for (const [path, text] of Object.entries(files)) {
    if (text === null) tree.delete(path);
    else tree.set(path, text);
  }
  const commit = remote.addCommit({ tree: remote.addTree(tree), parents: [parent], message });
  remote.branches.set('main', commit);
  return commit;
}
