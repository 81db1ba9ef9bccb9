import type { CallOptions, JobStore } from '@baton/core';
import type { Pause } from '../project/project.js';
import { readFact, updateFact } from '../store/fact.js';
import { facts } from '../store/facts.js';

/** Whether new work is stopped, for every daemon on this store. */
export async function readPause(store: JobStore, options: CallOptions = {}): Promise<Pause | null> {
  return (await readFact(store, facts.pause(), options)).value;
}

/** Stops new work, or with null lets it go on. Holds until somebody says otherwise, over restarts. */
export async function writePause(store: JobStore, pause: Pause | null, options: CallOptions = {}): Promise<void> {
  await updateFact(store, facts.pause(), () => ({ answer: null, write: pause }), options);
}
