import type { Invariant } from './invariant.js';

export const onlyJudged: Invariant = {
  promise: 'Nothing is published that was not judged: what is pushed is a tree that passed, or that a person let pass.',
  watch: (world) => ({
    answered({ call, args }) {
      if (call.method !== 'push') return null;
      // What `Workspace.push` is asked for.
      const { commit, branch } = args[0] as { readonly commit: string; readonly branch: string };
      const host = world.hosts.find(({ name }) => name === call.host);
      const tree = host?.remote.commits.get(commit)?.tree;
      const verdicts = world.facts('judged').filter((each) => each.host === host && each.tree === tree);
      const verdict = verdicts.at(-1)?.verdict;
      if (verdict === 'pass') return null;
      const approved = world.facts('told').some(({ type }) => type === 'approve');
      return verdict === 'hold' && approved ? null : `What was pushed to ${branch} was judged: ${verdict ?? 'never'}.`;
    },
  }),
};
