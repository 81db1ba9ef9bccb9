import { issueOf } from '../host/pulls.js';
import type { Invariant } from './invariant.js';

export const onePullRequest: Invariant = {
  promise: 'An issue has at most one open pull request, over all daemons.',
  watch: (world) => ({
    answered({ call }) {
      if (call.method !== 'ensurePullRequest') return null;
      for (const { name, forge } of world.hosts) {
        const open = forge.pulls().filter(({ pullRequest }) => pullRequest.state.unified === 'open');
        const issues = open.flatMap((pull) => issueOf(pull) ?? []);
        const twice = issues.find((issue, index) => issues.indexOf(issue) !== index);
        if (twice !== undefined) return `${twice} of ${name} has two open pull requests.`;
      }
      return null;
    },
  }),
};
