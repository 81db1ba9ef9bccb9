import { BatonError, isEnded, type Job, type JobLease, messageOf } from '@baton/core';
import type { Baton, BatonOptions, ProjectSettings, StopMode } from './baton.js';
import { listStandingBranches } from './branches/free-branch.js';
import { dedupeKey, follow, type IntakePorts, newestJob, takeIn } from './intake/intake.js';
import { takeUpProject } from './intake/leftovers.js';
import { locateIssue } from './intake/locate-issue.js';
import { createPollDuty } from './intake/poll-duty.js';
import { createPollRequests } from './intake/poll-requests.js';
import { createPoller } from './intake/poller.js';
import { createProjectPolls } from './intake/project-polls.js';
import { createWatchedProjects } from './intake/watched-projects.js';
import { createBaselines } from './job/baselines.js';
import { mustRunAlone } from './job/deaths.js';
import type { BatonEvent } from './job/engine-event.js';
import { foldedJob } from './job/job-data.js';
import { checkProjects } from './project/check-projects.js';
import type { Project } from './project/project.js';
import { createIntakePorts, createQueries } from './queries/queries.js';
import { createDiskWatch } from './run/disk-watch.js';
import { createDispatcher } from './run/dispatcher.js';
import { createEventHub } from './run/event-hub.js';
import type { JobRunnerContext } from './run/job-runner-context.js';
import { runJob } from './run/run-job.js';
import { tendStrays } from './run/stray-jobs.js';
import { sweepProject } from './run/sweep.js';
import { wakeUnderWay } from './run/wake-under-way.js';
import { wakeWaiting } from './run/wake-waiting.js';
import type { PollResult, StoreIdentity } from './store/facts.js';
import { readStoreIdentity } from './store/store-identity.js';

const defaultAuthor = { name: 'Baton', email: 'baton@localhost' };

/** Makes an engine. Throws `CONFIG_INVALID` on projects that can't be told apart; nothing is read or started. */
export function createBaton(options: BatonOptions): Baton {
  const { runtime, store } = options;
  checkProjects(options.projects);
  const labelPrefix = options.labelPrefix ?? 'baton:';
  const leaseMs = options.leaseMs ?? 60_000;
  const worker = options.worker ?? runtime.id('worker');
  const deathOf = options.deathOf ?? (() => null);
  const { keepWorkspaces = false, author = defaultAuthor } = options;
  const settings = { labelPrefix, leaseMs, worker, deathOf, keepWorkspaces, author };
  let identity: StoreIdentity | null = null;
  const hub = createEventHub();
  const baselines = createBaselines(store);
  let current: ProjectSettings = options;
  let membership: AsyncDisposable | null = null;
  const draining = new AbortController();
  const stopped = new AbortController();
  const loops = new Set<Promise<void>>();

  const emit = (event: BatonEvent): void => hub.emit(event);
  const log = (level: 'warn' | 'error', message: string, jobId: string | null = null): void =>
    emit({ type: 'log', at: runtime.clock.now(), level, message, jobId });
  const identify = async (): Promise<StoreIdentity> => {
    identity ??= await readStoreIdentity(store, runtime);
    return identity;
  };
  const named = options.owner === undefined ? {} : { owner: options.owner };
  const intake = async (project: Project): Promise<IntakePorts> => {
    const known = await identify();
    const standing = listStandingBranches(project, { signal: stopped.signal });
    return { project, store, runtime, labelPrefix, ...known, ...named, standing };
  };
  const looking = {
    ...{ store, runtime, labelPrefix, projects: () => current.projects },
    ...{ owner: options.owner ?? null, signal: stopped.signal },
    isRunning: (job: string): boolean => dispatcher.isRunning(job),
  };

  const disk = createDiskWatch({
    disk: options.disk,
    runtime,
    store,
    workspaces: () => current.projects.map(({ workspaces }) => workspaces),
    onShort: (message) => emit({ type: 'operator-needed', at: runtime.clock.now(), code: 'DISK_FULL', message }),
    onError: (error) => log('warn', `The room on the disk could not be looked after: ${messageOf(error)}`),
  });

  const run = async (lease: JobLease, isPaused: boolean): Promise<void> => {
    const project = current.projects.find((each) => each.name === lease.job.project);
    if (!project) return store.release(lease);
    const world: JobRunnerContext = {
      project,
      runtime,
      store,
      settings: {
        ...settings,
        ...(await identify()),
        ...named,
      },
      baselines,
      disk,
      emit,
      stopped: stopped.signal,
      isPaused,
      isDraining: () => draining.signal.aborted,
    };
    await runJob(world, lease);
  };

  const dispatcher = createDispatcher({
    store,
    runtime,
    worker,
    leaseMs,
    projects: () => current.projects,
    concurrency: () => current.concurrency ?? 3,
    totalConcurrency: () => current.totalConcurrency ?? null,
    isDraining: () => draining.signal.aborted,
    isAlone: (job) => mustRunAlone(foldedJob(job), deathOf),
    look: disk.look,
    run,
    onError: (error) => {
      const message = messageOf(error);
      if (BatonError.is(error, 'DISK_FULL') || BatonError.is(error, 'STORE_UNREADABLE')) {
        emit({ type: 'operator-needed', at: runtime.clock.now(), code: error.code, message });
      } else log('error', message);
    },
  });

  const judgeWaitsAnew = async (): Promise<void> => {
    try {
      await wakeWaiting(current.projects, { store, now: runtime.clock.now() }, { signal: stopped.signal });
    } catch (error) {
      if (!stopped.signal.aborted) log('warn', `Waiting jobs could not be judged anew: ${messageOf(error)}`);
    }
    for (const project of current.projects) await rouse(project);
    dispatcher.wake();
  };

  const rouse = async (project: Project): Promise<void> => {
    try {
      await wakeUnderWay(project, { store, now: runtime.clock.now() }, { signal: stopped.signal });
    } catch (error) {
      if (stopped.signal.aborted) return;
      log('warn', `${project.name}: jobs under way could not be looked after: ${messageOf(error)}`);
    }
  };

  const join = async (): Promise<void> => {
    if (membership !== null) return;
    membership = await store.join(worker);
    await watched.announce({ signal: stopped.signal });
    await identify();
    emit({ type: 'engine-started', at: runtime.clock.now(), worker });
    for (const project of current.projects) {
      await polls.pin(project);
      try {
        await sweepProject(
          project,
          { store, runtime },
          { ...settings, ...(await identify()), ...named },
          { signal: stopped.signal },
        );
      } catch (error) {
        log('warn', `${project.name}: what a crash may have left could not be swept: ${messageOf(error)}`);
      }
    }
    await judgeWaitsAnew();
  };

  /** Jobs are found by their project's name, which a person may have changed. */
  const tend = async (): Promise<void> => {
    if (membership === null) return;
    const { letGo } = dispatcher;
    const ports = { projects: current.projects, watched, store, runtime, worker, leaseMs, letGo };
    await tendStrays(ports, { signal: stopped.signal }).catch((error: unknown) => {
      if (!stopped.signal.aborted) log('warn', `Jobs without a project could not be looked after: ${messageOf(error)}`);
    });
  };

  const polls = createProjectPolls({ store, runtime, intake, emit, signal: stopped.signal });
  const poll = async (project: Project): Promise<PollResult> => {
    await tend();
    await rouse(project);
    await polls.pin(project);
    const result = await polls.poll(project);
    dispatcher.wake();
    return result;
  };

  const intervalMs = (): number => current.pollIntervalMs ?? 30_000;
  const projects = (): readonly Project[] => current.projects;
  const watched = createWatchedProjects({ store, clock: runtime.clock, worker, leaseMs, projects });
  const duty = createPollDuty({ store, worker, leaseMs, projects, intervalMs, onError: polls.fail });
  const poller = createPoller({ runtime, projects, intervalMs, duty, poll });
  const pollRequests = createPollRequests({ store, clock: runtime.clock, projects, duty, round: poller.round });

  const begin = (loop: Promise<void>): void => {
    const ended = loop.catch((error: unknown) => log('error', messageOf(error))).finally(() => loops.delete(ended));
    loops.add(ended);
  };

  const drain = async (job?: string): Promise<void> => {
    do await dispatcher.fill(job);
    while (await dispatcher.oneEnded());
  };

  return {
    ...createQueries(looking),

    async start() {
      await join();
      begin(poller.loop(draining.signal));
      begin(dispatcher.loop(draining.signal));
      begin(pollRequests.loop(draining.signal));
      begin(watched.loop(draining.signal));
    },

    async runOnce() {
      await join();
      await poller.round(current.projects);
      await drain();
    },

    async runIssue(reference, narrowed) {
      await join();
      const found = await locateIssue(current.projects, reference, narrowed?.project);
      if (!found) return null;
      await takeIn(await intake(found.project), found.issue);
      const job = await newestJob(store, dedupeKey(found.project, found.issue));
      if (!job) return null;
      const publish = narrowed?.publish ?? true;
      // Said to the job itself: whoever goes on with it after a crash heeds it too.
      if (!isEnded(job.phase) && foldedJob(job).data.publish !== publish) {
        await store.signal(job.id, { type: 'wake', data: { publish } });
      }
      await drain(job.id);
      return store.get(job.id);
    },

    async stop(mode: StopMode = 'drain') {
      draining.abort(new Error('The engine stops.'));
      if (mode === 'now') stopped.abort(new Error('The engine stops at once.'));
      dispatcher.wake();
      await dispatcher.idle();
      await Promise.all([...loops, poller.idle()]);
      if (membership !== null) {
        await membership[Symbol.asyncDispose]();
        membership = null;
        emit({ type: 'engine-stopped', at: runtime.clock.now() });
      }
      hub.close();
    },

    events: () => hub.read(),

    async signal(jobId, signal) {
      await store.signal(jobId, signal);
      dispatcher.wake();
    },

    async retry(jobId, { fresh = false } = {}) {
      const ended = await store.get(jobId);
      if (!ended) throw new BatonError('NOT_FOUND', `There is no job ${jobId}.`, { details: { resource: jobId } });
      if (!isEnded(ended.phase)) {
        throw new BatonError('CONFLICT', `Job ${jobId} has not ended: it is ${ended.phase}.`, { details: {} });
      }
      const found = await locateIssue(current.projects, ended.issueKey, ended.project);
      if (found?.issue.state.unified === 'closed') {
        throw new BatonError('CONFLICT', `Issue ${ended.issueKey} is closed: a job of it would end at once.`, {
          details: {},
          fix: 'Open the issue again, and retry then.',
        });
      }
      const next = found && (await follow(await intake(found.project), found.issue, ended, { fresh }));
      if (!next) {
        throw new BatonError('CONFLICT', `Issue ${ended.issueKey} is gone, or has a newer job than ${jobId}.`, {
          details: {},
        });
      }
      dispatcher.wake();
      return next;
    },

    async takeUp() {
      await identify();
      const jobs: Job[] = [];
      for (const project of current.projects)
        jobs.push(...(await takeUpProject(await createIntakePorts(looking, project))));
      return jobs;
    },

    reconfigure(next) {
      checkProjects(next.projects);
      current = next;
      if (loops.size === 0) return;
      begin(judgeWaitsAnew());
      poller.wake();
    },
  };
}
