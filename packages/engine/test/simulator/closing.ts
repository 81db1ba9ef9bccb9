import { isEnded, type Job } from '@baton/core';
import { writePause } from '../../src/index.js';
import { whatIsAsked } from '../../src/job/fold/apply-signal.js';
import { foldedJob } from '../../src/job/job-data.js';
import { isCalm } from './calm.js';
import type { Choices } from './choices.js';
import { isWanted } from './host/issues.js';
import { issueOfJob } from './host/jobs.js';
import { mergePull, openPulls } from './host/pulls.js';
import { findUnheard, findUntold } from './invariants/answers-heard.js';
import type { Installation } from './process/installation.js';
import type { World } from './world.js';

/** Nothing goes wrong from now on: hosts and stores answer, and every process runs. */
export function clearUp(world: World): void {
  world.isClosing = true;
  world.faults.length = 0;
  for (const host of world.hosts) {
    host.awayUntil = 0;
    host.remote.declines = null;
    // A conversation may stay locked.
    host.source.failures.delete('ensureLabels');
    host.source.failures.delete('ensureAssigned');
  }
  for (const installation of world.installations) {
    installation.storeAwayUntil = 0;
    for (const daemon of installation.daemons) daemon.thaw();
    void writePause(installation.store, null);
  }
  world.tell('everybody', 'no fault from here on; people answer what is asked, and merge or close what is open');
}

/** With what a look then takes, longer than a project whose polls failed is left alone. */
const calmLooks = 8;

/** People answer what a wanted issue's job asks, and merge or close what is open. Whether everything is at rest. */
export async function bringToAnEnd(world: World, choose: Choices): Promise<boolean> {
  let isAtRest = true;
  for (const installation of world.installations) {
    if (!installation.daemons.some(({ life }) => life === 'alive')) isAtRest = false;
    for await (const job of installation.store.list({})) {
      if (isEnded(job.phase)) continue;
      isAtRest = false;
      // What nobody wants any more has to come to its end without an answer.
      if (job.wait === 'needs-person' && isWanted(issueOfJob(world, job))) await answer(world, installation, job);
    }
  }
  const open = openPulls(world);
  if (open.length > 0) isAtRest = false;
  // Only once nothing more comes of what was said before is it asked whether that was heard.
  world.calmLooks = isCalm(world) ? world.calmLooks + 1 : 0;
  if (world.calmLooks < calmLooks) return isAtRest;
  for (const found of open) {
    const unheard = (await findUnheard(world, found)) ?? findUntold(world, found);
    if (unheard !== null) world.break('answers-heard', unheard);
    if (choose.chance(0.3) || !mergePull(world, found)) found.host.forge.closePull(found.number);
  }
  return isAtRest;
}

async function answer(world: World, installation: Installation, job: Job): Promise<void> {
  const asked = whatIsAsked(foldedJob(job));
  const message = 'the left one';
  const told = { kind: 'told', installation, job: job.id } as const;
  if (asked === null) {
    await installation.store.signal(job.id, { type: 'steer', data: { message } });
    world.note({ ...told, type: 'steer', message });
  } else {
    await installation.store.signal(job.id, { type: 'approve', data: { seen: asked } });
    world.note({ ...told, type: 'approve', message: null });
  }
}
