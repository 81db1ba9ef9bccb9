import { strangersWord } from '../actors/author.js';
import type { Invariant } from './invariant.js';

export const strangersUnheard: Invariant = {
  promise: 'No word of a stranger reaches an agent, save in a text that a person approved or handed over.',
  watch: (world) => ({
    turn({ prompt, host, issueKey, job }) {
      if (!prompt.includes(strangersWord)) return null;
      const edited = world.facts('stranger-edited').find((each) => each.host === host && each.issue === issueKey);
      const approved =
        world.facts('told').some((each) => each.job === job && each.type === 'approve') ||
        world
          .facts('asked')
          // Between two calls of a daemon several things happen in one step.
          .some((each) => each.host === host && each.issue === issueKey && edited && each.step >= edited.step);
      return edited && approved ? null : `A stranger's word reached the agent of ${issueKey} of ${host.name}.`;
    },
  }),
};
