import { tempers } from '../agents/temper.js';
import type { Actor } from './actor.js';
import { takeBranch } from './developer.js';

/** How the world is when the first daemon starts. Without any of it: one host, one issue, one daemon, no limit in money. */
export const setup: Actor = {
  who: 'at the beginning',
  deeds: {
    'another host': (world) => (world.hosts.length > 1 ? null : `there is a second host, ${world.addHost().name}`),
    'another issue': (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host || host.issues.length > 2) return null;
      const issue = host.source.seed({ title: `issue ${host.issues.length + 1}`, labels: ['baton'] });
      host.issues.push(issue);
      const temper = choose.one(tempers);
      host.tempers.set(issue.key, temper);
      return `there is another issue on ${host.name}, ${issue.key}, whose agent ${temper}`;
    },
    temper: (world, choose) => {
      const host = choose.pick(world.hosts);
      const issue = choose.pick(host?.issues ?? []);
      if (!host || !issue) return null;
      const temper = choose.one(tempers);
      host.tempers.set(issue.key, temper);
      return `the agent of ${issue.key} of ${host.name} ${temper}`;
    },
    'another temper': (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      const temper = choose.one(tempers);
      host.tempers.set('mem#1', temper);
      return `the agent of mem#1 of ${host.name} ${temper}`;
    },
    'a branch of that name': takeBranch,
    'another state': (world) => {
      if (world.stateCount > 1) return null;
      world.stateCount = 2;
      return 'there are two states, each with daemons of its own';
    },
    'another daemon': (world) => {
      if (world.daemonsEach > 1) return null;
      world.daemonsEach = 2;
      return 'there are two daemons for each state';
    },
    'a second agent': (world) => {
      world.caps.secondAgent = true;
      return 'there is a second agent';
    },
    'a cap for each job': (world, choose) => {
      world.caps.microUsdPerJob = 60_000 + choose.below(300_000);
      return `a job may cost ${world.caps.microUsdPerJob} micro-dollars`;
    },
    'a cap for each day': (world, choose) => {
      world.caps.microUsdPerDay = 150_000 + choose.below(500_000);
      return `a day may cost ${world.caps.microUsdPerDay} micro-dollars`;
    },
    'a cap on pull requests': (world, choose) => {
      world.caps.openPullRequests = 1 + choose.below(2);
      return `${world.caps.openPullRequests} pull requests may be open`;
    },
    'another number of slots': (world, choose) => {
      world.concurrency = 1 + choose.below(3);
      world.totalConcurrency = choose.chance(0.5) ? 1 + choose.below(3) : null;
      const inAll = world.totalConcurrency === null ? '' : `, and ${world.totalConcurrency} by all together`;
      return `${world.concurrency} jobs are worked at once by each daemon${inAll}`;
    },
    'another clock': (world, choose) => {
      const host = choose.pick(world.hosts);
      if (!host) return null;
      host.skewMs = (choose.below(60) - 20) * 60_000;
      return `the clock of ${host.name} is ${host.skewMs / 60_000} min ahead of ours`;
    },
  },
};
