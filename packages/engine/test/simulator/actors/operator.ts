import { isEnded, type Signal } from '@baton/core';
import { writePause } from '../../../src/index.js';
import { whatIsAsked } from '../../../src/job/fold/apply-signal.js';
import { foldedJob } from '../../../src/job/job-data.js';
import { allJobs } from '../calm.js';
import type { Choices } from '../choices.js';
import { pickIssue } from '../host/issues.js';
import { type FoundJob, hostOf, pickJob, renamed } from '../host/jobs.js';
import { startDaemon } from '../process/daemon.js';
import type { World } from '../world.js';
import type { Actor, Deed } from './actor.js';

const signalled =
  (type: Signal['type'], dataOf: (world: World, choose: Choices, seen: string | null) => Signal['data']): Deed =>
  (world, choose) => {
    const found = pickJob(world, choose, 'open');
    if (!found) return null;
    const { installation, job } = found;
    const data = dataOf(world, choose, whatIsAsked(foldedJob(job)));
    const message = typeof data === 'object' && data !== null && 'message' in data ? String(data['message']) : null;
    const told = { kind: 'told', installation, job: job.id, type, message } as const;
    // A store that has seen it end says so.
    void installation.store.signal(job.id, { type, data }).then(
      () => world.note(told),
      () => {},
    );
    return `said ${type} to job ${job.id} of ${job.issueKey} (${job.phase} ${job.wait ?? ''})`.replace(' )', ')');
  };

/** Whoever runs Baton. */
export const operator: Actor = {
  who: 'the operator',
  deeds: {
    cancel: signalled('cancel', () => null),
    approve: signalled('approve', (_world, _choose, seen) => (seen === null ? null : { seen })),
    reject: signalled('reject', () => null),
    steer: signalled('steer', (_world, choose) => ({ message: `Rather so: ${choose.below(1_000)}.` })),
    retry: (world, choose) => {
      const found = pickJob(world, choose, 'ended');
      return found && retry(world, choose, found);
    },
    'cancel and try again': (world, choose) => {
      const found = choose.pick(allJobs(world).filter(({ job }) => job.phase === 'reviewing'));
      if (!found) return null;
      const { installation, job } = found;
      void installation.store.signal(job.id, { type: 'cancel', data: null }).then(
        () => world.note({ kind: 'told', installation, job: job.id, type: 'cancel', message: null }),
        () => {},
      );
      void world.clock.sleep(choose.below(3_600_000)).then(() => {
        const words = world.isClosing ? null : retry(world, choose, found);
        if (words !== null) world.tell('the operator', words);
      });
      return `cancelled job ${job.id}, whose pull request stands open, to try again later`;
    },
    pause: (world, choose) => {
      const installation = choose.pick(world.installations);
      if (!installation) return null;
      void writePause(installation.store, { reason: 'lunch', at: world.clock.now() });
      const milliseconds = choose.below(3_600_000);
      world.note({ kind: 'paused', installation, ms: milliseconds });
      void world.clock.sleep(milliseconds).then(() => writePause(installation.store, null));
      return `paused ${installation.name} for a while`;
    },
    restart: (world, choose) => {
      const installation = choose.pick(world.installations);
      const daemon = choose.pick(installation?.daemons.filter(({ life }) => life === 'alive') ?? []);
      if (!installation || !daemon) return null;
      const mode = choose.one(['drain', 'now']);
      void daemon.baton.stop(mode).then(
        () => {
          if (daemon.life === 'dead') return;
          daemon.life = 'dead';
          startDaemon(world, installation);
        },
        () => daemon.die(),
      );
      return `restarted ${daemon.name} (${mode})`;
    },
    'run an issue': (world, choose) => {
      const installation = choose.pick(world.installations);
      const found = pickIssue(world, choose);
      if (!installation || !found) return null;
      const publish = choose.chance(0.3);
      startDaemon(world, installation, { host: found.host, issueKey: found.issue.key, publish });
      return `ran ${found.issue.key} of ${found.host.name} in ${installation.name}${publish ? '' : ', not to be published'}`;
    },
    'rename a project': (world, choose) => {
      const installation = choose.pick(world.installations);
      const host = choose.pick(world.hosts);
      if (!installation || !host) return null;
      const name = installation.projectNames.get(host.name) === host.name ? renamed(host) : host.name;
      installation.projectNames.set(host.name, name);
      for (const daemon of installation.daemons) daemon.die();
      return `renamed the project of ${host.name} in ${installation.name} to ${name}`;
    },
    'lose the store': loseStore,
    'lose the store later': (world, choose) => {
      void world.clock.sleep(choose.below(2 * 3_600_000)).then(() => {
        const words = world.isClosing ? null : loseStore(world, choose);
        if (words !== null) world.tell('the operator', words);
      });
      return 'has a store that will be lost';
    },
  },
};

function loseStore(world: World, choose: Choices): string | null {
  // Once a run: what a second loss would show, the first does.
  if (world.facts('store-lost').length > 0) return null;
  const installation = choose.pick(world.installations);
  if (!installation || ![...installation.jobs.values()].some(({ phase }) => !isEnded(phase))) return null;
  world.loseStore(installation);
  return `lost the store of ${installation.name}`;
}

function retry(world: World, choose: Choices, { installation, job }: FoundJob): string | null {
  const daemon = choose.pick(installation.daemons.filter(({ life }) => life === 'alive'));
  if (!daemon) return null;
  world.note({ kind: 'asked', host: hostOf(world, job), issue: job.issueKey, by: 'retry' });
  void daemon.baton.retry(job.id).catch(() => {});
  return `asked for another try at ${job.issueKey} of ${job.project}`;
}
