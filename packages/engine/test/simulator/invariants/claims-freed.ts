import { isWanted } from '../host/issues.js';
import type { Invariant } from './invariant.js';

export const claimsFreed: Invariant = {
  promise: 'Every claim is freed once its job has ended: the label, and the claim that other daemons see.',
  watch: (world) => ({
    rest() {
      for (const { name, issues, source, remote } of world.hosts) {
        // Where nobody may write, nobody can take a label off.
        const isArchived = world.facts('archived').some(({ host }) => host === name);
        const marked = issues.find(({ id }) => {
          const issue = source.read(id);
          return isWanted(issue) && issue?.labels.includes('baton:working');
        });
        if (marked && !isArchived) return `${marked.key} of ${name} is still marked as worked.`;
        const claim = [...remote.refs.keys()].find((ref) => ref.startsWith('refs/baton/claims/'));
        // One that couldn't be let go is over by itself; that of a lost store is its successor's.
        const excused =
          world.facts('store-lost').length > 0 ||
          world.facts('slept').length > 0 ||
          world.facts('failed-call').some(({ method }) => method === 'releaseRef' || method === 'remote');
        if (claim !== undefined && !excused) return `The claim ${claim} of ${name} still stands.`;
      }
      return null;
    },
  }),
};
