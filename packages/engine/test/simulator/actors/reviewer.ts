import { mergePull, pickPull } from '../host/pulls.js';
import type { Actor } from './actor.js';
import { strangersWord } from './author.js';

/** Whoever reads pull requests. */
export const reviewer: Actor = {
  who: 'reviewers',
  deeds: {
    'ask for more': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      const { host, number } = found;
      const verdict = choose.one(['request-changes', 'comment']);
      const id = host.forge.review(number, { body: `Once more, please: ${choose.below(1_000)}.`, verdict });
      world.note({ kind: 'reviewed', host, pull: number, id });
      return `asked for more in pull request ${number} of ${host.name}`;
    },
    approve: (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      found.host.forge.review(found.number, { body: 'Looks good!', verdict: 'approve' });
      return `approved pull request ${found.number} of ${found.host.name}`;
    },
    'review as a stranger': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      found.host.forge.review(found.number, { body: strangersWord, author: 'stranger', verdict: 'request-changes' });
      return `a stranger reviewed pull request ${found.number} of ${found.host.name}`;
    },
    dismiss: (world, choose) => {
      const found = pickPull(world, choose);
      const review = choose.pick(found?.pull.comments.filter(({ author }) => author?.login === 'bob') ?? []);
      if (!found || !review) return null;
      found.host.forge.editReview(found.number, review.id, '');
      world.note({ kind: 'dismissed', host: found.host, pull: found.number, id: review.id });
      return `took a review of pull request ${found.number} of ${found.host.name} back`;
    },
    merge: (world, choose) => {
      const found = pickPull(world, choose);
      if (!found || !mergePull(world, found)) return null;
      return `merged pull request ${found.number} of ${found.host.name}`;
    },
    'merge what comes next': (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      host.mergesNext = choose.one(['and closes the issue', 'and deletes the branch']);
      return `have a bot that merges what is opened next on ${host.name}, ${host.mergesNext}`;
    },
    close: (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      found.host.forge.closePull(found.number);
      return `closed pull request ${found.number} of ${found.host.name}`;
    },
    retarget: (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      const { host, number } = found;
      const { branches, defaultBranch } = host.remote;
      branches.set('release', branches.get('release') ?? branches.get(defaultBranch) ?? '');
      host.forge.edit(number, { base: 'release' });
      world.note({ kind: 'retargeted', host, pull: number, base: 'release' });
      return `retargeted pull request ${number} of ${host.name}`;
    },
    'edit the title': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      const title = `A better title ${choose.below(1_000)}`;
      found.host.forge.edit(found.number, { title });
      world.note({ kind: 'retitled', host: found.host, pull: found.number, title });
      return `gave pull request ${found.number} of ${found.host.name} another title`;
    },
    'mark as ready': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      found.host.forge.edit(found.number, { draft: false });
      return `marked pull request ${found.number} of ${found.host.name} as ready`;
    },
  },
};
