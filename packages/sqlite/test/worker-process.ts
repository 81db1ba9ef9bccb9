/** A worker in a process of its own: `worker-process.ts <deed> <path of the store> <name>`. Says a line per deed. */
import { appendFileSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, JobChange, JobState } from '@baton/core';
import { createSqliteStore } from '../src/sqlite-store.js';
import { createTestRuntime, systemClock } from './runtime.js';

const [deed = '', path = '', name = ''] = process.argv.slice(2);
const store = createSqliteStore({ path, runtime: createTestRuntime(systemClock) });
const request = { worker: name, leaseMs: 3_600_000, caps: { total: 2, byProject: { web: 2 } } };
// At once, so that what was said was said before a kill.
const say = (line: string): unknown => writeSync(1, `${line}\n`);

function change(job: Job, over: Partial<JobState>, lines: number): JobChange {
  const { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data } = job;
  const state = { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data, ...over };
  const entries = Array.from({ length: lines }, (_, index) => ({ type: 'noted', data: { index, of: lines }, at: 1 }));
  return { entries, state, consumed: [] };
}

const stay = await store.join(name);
switch (deed) {
  case 'hold': {
    const lease = await store.claim(request);
    await store.hold('poll', name, 3_600_000);
    say(`claimed ${lease?.job.id} ${lease?.fence}`);
    await delay(600_000);
    break;
  }
  case 'record': {
    let lease = await store.claim(request);
    for (let round = 1; lease; round += 1) {
      const entries = (round % 7) + 1;
      lease = await store.record(lease, change(lease.job, { round, data: lease.job.round + entries }, entries));
      say(`recorded ${lease.job.round}`);
    }
    break;
  }
  case 'drain': {
    // One file for all: its order is the order in which things happened.
    const log = (line: string): void => appendFileSync(`${path}.log`, `${line}\n`);
    for (let misses = 0; misses < 50; ) {
      const lease = await store.claim(request);
      if (!lease) {
        misses += 1;
        await delay(2);
        continue;
      }
      misses = 0;
      log(`begin ${lease.job.id}`);
      await store.record(lease, change(lease.job, { phase: 'done', outcome: 'merged' }, 1));
      log('end');
      await store.release(lease);
    }
    break;
  }
  default:
    throw new Error(`unknown deed ${deed}`);
}
await stay[Symbol.asyncDispose]();
await store.close?.();
