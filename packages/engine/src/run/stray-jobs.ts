import type { CallOptions, Job, JobLease, JobStore, Runtime } from '@baton/core';
import { openPhases } from '@baton/core';
import type { WatchedProjects } from '../intake/watched-projects.js';
import type { JobEntry } from '../job/entry.js';
import { reduce } from '../job/fold/reduce.js';
import { type FoldedJob, foldedJob, toStored } from '../job/job-data.js';
import { mapSignal } from '../job/map-signal.js';
import type { Project } from '../project/project.js';
import { placeOf } from '../project/project-place.js';

/** What strays are looked after with. */
export interface StrayPorts {
  readonly projects: readonly Project[];
  readonly watched: WatchedProjects;
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly worker: string;
  readonly leaseMs: number;
  /** Lets a job go, be it later where the store can't now: a worker is never given what it holds. */
  letGo(lease: JobLease): Promise<void>;
}

/**
 * Jobs whose project is in no configuration any more, of all engines at work on the store. Where it was only renamed, which its tracker and its
 * repository tell, they are the new name's. Else they wait, and say for what, until it is configured again or a
 * person cancels them.
 */
export async function tendStrays(ports: StrayPorts, options: CallOptions = {}): Promise<void> {
  const { projects, store, watched } = ports;
  const names = new Set(projects.map(({ name }) => name));
  const strays: Job[] = [];
  for await (const job of store.list({ phases: openPhases }, options)) {
    if (!names.has(job.project) || foldedJob(job).data.stray !== null) strays.push(job);
  }
  const isOthers = new Map<string, boolean>();
  for (const { project } of strays) {
    if (names.has(project) || isOthers.has(project)) continue;
    isOthers.set(project, await watched.isAnothers(project, options));
  }
  for (const job of strays) {
    if (isOthers.get(job.project)) continue;
    const home = findHome(projects, foldedJob(job));
    const isNew = home !== null || foldedJob(job).data.stray === null;
    const isCancelled = (await store.pendingSignals(job.id, options)).some(({ type }) => type === 'cancel');
    if (isNew || isCancelled) await tend(ports, job, home, options);
  }
}

/** By name, else by what its issues and its repository are. */
function findHome(projects: readonly Project[], job: FoldedJob): Project | null {
  const { place } = job.data.issue;
  const same = projects.filter((project) => placeOf(project) === place);
  return projects.find(({ name }) => name === job.project) ?? (same.length === 1 ? (same[0] ?? null) : null);
}

async function tend(ports: StrayPorts, job: Job, home: Project | null, options: CallOptions): Promise<void> {
  const { store, runtime, worker, leaseMs } = ports;
  // Nobody claims what sleeps.
  if (job.wakeAt > runtime.clock.now()) await store.signal(job.id, { type: 'wake', data: null }, options);
  const caps = { byProject: { [job.project]: null } };
  const lease = await store.claim({ worker, leaseMs, caps, job: job.id }, options);
  if (lease === null) return;
  try {
    const signals = await store.signals(lease, options);
    const at = runtime.clock.now();
    const before = foldedJob(lease.job);
    const entries = home === null ? entriesOf(before, signals.map(mapSignal)) : [movedTo(home)];
    const after = entries.reduce((folded, entry) => reduce(folded, entry, at), before);
    const { requestHash, project, phase, outcome, wait, attempt, round, priority, wakeAt, data } = after;
    const state = {
      requestHash,
      project,
      phase,
      outcome,
      wait,
      attempt,
      round,
      priority,
      wakeAt,
      data: toStored(data),
    };
    await store.record(
      lease,
      {
        entries: entries.map((entry) => ({ type: entry.type, data: entry.data as never, at })),
        state,
        // Whatever else is said is for its project to heed, found now or once it is configured again.
        consumed:
          home === null ? signals.filter(({ type }) => type === 'cancel' || type === 'wake').map(({ id }) => id) : [],
      },
      options,
    );
  } finally {
    await ports.letGo(lease);
  }
}

function movedTo(home: Project): JobEntry {
  return { type: 'moved', data: { project: home.name } };
}

function entriesOf(job: FoldedJob, signalled: readonly JobEntry[]): readonly JobEntry[] {
  const cancels = signalled.filter((entry) => entry.type === 'signalled' && entry.data.type === 'cancel');
  if (cancels.length === 0 && job.phase !== 'settling') return [{ type: 'strayed', data: {} }];
  // Nobody is left who could be told.
  return [...cancels, { type: 'settled', data: { rescued: [], shown: 'gone', ok: false } }];
}
