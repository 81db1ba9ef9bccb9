import type { Invariant } from './invariant.js';

export const oneComment: Invariant = {
  promise: 'An issue bears one comment of Baton, edited in place.',
  watch: (world) => ({
    rest() {
      for (const { name, issues, source } of world.hosts) {
        for (const { id, key } of issues) {
          if (source.read(id) === null) continue;
          const ours = source.comments(id).filter(({ author }) => author.kind === 'self');
          if (ours.length > 1) return `${key} of ${name} bears ${ours.length} comments of Baton.`;
        }
      }
      return null;
    },
  }),
};
