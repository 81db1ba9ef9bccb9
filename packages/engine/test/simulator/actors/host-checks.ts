import { pickPull } from '../host/pulls.js';
import type { Actor } from './actor.js';

/** What the host itself says of pull requests. */
export const hostChecks: Actor = {
  who: "the host's checks",
  deeds: {
    'are red': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      const { host, number, pull } = found;
      const failures = [{ name: 'ci', url: null, excerpt: 'red on the host' }];
      host.forge.setChecks(number, { state: 'failed', failures });
      world.note({ kind: 'checks-red', host, commit: pull.pullRequest.headCommit });
      return `came out red on pull request ${number} of ${host.name}`;
    },
    'are green': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      found.host.forge.setChecks(found.number, { state: 'passed', failures: [] });
      return `came out green on pull request ${found.number} of ${found.host.name}`;
    },
    'turn pushes away': (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      host.remote.declines = rule;
      return `turn away every push to ${host.name} from now on`;
    },
    'see a conflict': (world, choose) => {
      const found = pickPull(world, choose);
      if (!found) return null;
      found.host.forge.setMergeable(found.number, choose.one(['conflict', 'unknown', 'yes']));
      return `judged anew whether pull request ${found.number} of ${found.host.name} can be merged`;
    },
  },
};

/** Why a host turns pushes away. */
export const rule = 'Commits must be signed off.';
