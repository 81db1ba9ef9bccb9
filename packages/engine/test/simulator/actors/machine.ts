import { isEnded, type Job } from '@baton/core';
import type { Choices } from '../choices.js';
import type { Daemon } from '../process/daemon.js';
import { type Call, isWrite } from '../process/fate.js';
import type { Installation } from '../process/installation.js';
import type { World } from '../world.js';
import type { Actor } from './actor.js';

const minutes = 60_000;

/** What befalls processes, stores and clocks. */
export const machine: Actor = {
  who: 'the machine',
  deeds: {
    'kill before a call': (world, choose) => armKill(world, choose, 'die-before'),
    'kill after a call': (world, choose) => armKill(world, choose, 'die-after'),
    'kill a daemon': (world, choose) => {
      const daemon = pickDaemon(world, choose);
      daemon?.die();
      return daemon && `killed ${daemon.name}`;
    },
    'freeze a daemon': (world, choose) => {
      const daemon = pickDaemon(world, choose);
      if (!daemon) return null;
      const milliseconds = 20_000 + choose.below(240_000);
      daemon.freeze(milliseconds);
      world.note({ kind: 'froze', ms: milliseconds });
      // Whoever sees that it doesn't answer starts another one beside it.
      if (choose.chance(0.6)) world.startAnother(daemon.installation);
      return `froze ${daemon.name} for ${Math.round(milliseconds / 1_000)} s`;
    },
    'sleep with everything': (world, choose) => {
      const installation = choose.pick(world.installations);
      if (!installation) return null;
      const milliseconds = choose.below(8 * 60) * minutes;
      for (const daemon of installation.daemons) daemon.freeze(1_000);
      world.clock.jump(milliseconds);
      world.note({ kind: 'slept', ms: milliseconds });
      return `slept for ${Math.round(milliseconds / minutes)} min, which only the wall clock saw`;
    },
    'set the clock': (world, choose) => {
      const milliseconds = (choose.below(60) - 30) * minutes;
      world.clock.jump(milliseconds);
      world.note({ kind: 'slept', ms: milliseconds });
      return `set the clock by ${milliseconds / minutes} min`;
    },
    'lock the store': (world, choose) => {
      const installation = choose.pick(world.installations);
      if (!installation) return null;
      const milliseconds = choose.one([2_000, 25_000, 120_000]);
      installation.storeAwayUntil = world.clock.monotonic() + milliseconds;
      world.note({ kind: 'store-locked', installation, ms: milliseconds });
      return `locked the store of ${installation.name} for ${milliseconds / 1_000} s`;
    },
    'start another daemon': (world, choose) => {
      const installation = choose.pick(world.installations);
      if (!installation || installation.daemons.filter(({ life }) => life !== 'dead').length > 1) return null;
      world.startAnother(installation);
      return `started another daemon of ${installation.name}`;
    },
    'clear the copies': (world, choose) => {
      const installation = choose.pick(world.installations);
      const open = [...(installation?.jobs.values() ?? [])].filter(({ phase }) => !isEnded(phase));
      // Nobody clears what work stands in.
      const isBare = open.every((job) => job.phase === 'reviewing' && !hasCheckout(installation, job));
      if (!installation || open.length === 0 || !isBare || installation.workspaces.rescueRefs.size > 0) return null;
      installation.workspaces = installation.createWorkspaces();
      for (const daemon of installation.daemons) daemon.die();
      return `cleared the copies of repositories of ${installation.name}`;
    },
    'leave a process in a checkout': (world, choose) => {
      const turn = choose.pick(world.turns.filter(({ isOver }) => isOver));
      const [, job, attempt] = /^\/memory\/([^-/]+)-(\d+)-work$/.exec(turn?.root ?? '') ?? [];
      if (!turn || job === undefined) return null;
      const key = { job, attempt: Number(attempt), role: 'work' } as const;
      try {
        turn.daemon.installation.workspaces.files(key).set('app.txt', `red ${turn.issueKey}, written late\n`);
      } catch {
        // The checkout has gone.
        return null;
      }
      world.note({ kind: 'written-late', installation: turn.daemon.installation, job });
      return `a process that outlived its turn wrote into the checkout of job ${job}`;
    },
  },
};

function pickDaemon({ installations }: World, choose: Choices): Daemon | null {
  return choose.pick(installations.flatMap(({ daemons }) => daemons.filter(({ life }) => life === 'alive')));
}

/** At the next call, at the next write to a host, or as a pull request is opened: there half of a thing is done. */
function armKill(world: World, choose: Choices, fate: 'die-before' | 'die-after'): string {
  const isFor = choose.one([() => true, isWrite, ({ method }: Call) => method === 'ensurePullRequest']);
  const when = fate === 'die-before' ? 'before' : 'after';
  world.faults.push({ fate, isFor, words: ({ method }) => `died ${when} ${method}` });
  return 'a kill is on its way';
}

function hasCheckout(installation: Installation | null, { id, attempt }: Job): boolean {
  const attempts = Array.from({ length: attempt }, (_, index) => index + 1);
  return attempts.some((each) => {
    try {
      return installation?.workspaces.files({ job: id, attempt: each, role: 'work' }) !== undefined;
    } catch {
      return false;
    }
  });
}
