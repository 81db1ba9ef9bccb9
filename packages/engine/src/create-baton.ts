import { BatonError, type CallOptions, type Issue, isEnded, type JobLease } from '@baton/core';
import { createBaselines } from './baselines.js';
import type { Baton, BatonOptions, StopMode } from './baton.js';
import { describeBot, pinBots } from './bot-pins.js';
import { mustRunAlone } from './deaths.js';
import { createDispatcher } from './dispatcher.js';
import type { BatonEvent } from './event.js';
import { createEventHub } from './event-hub.js';
import { explainIssue, explainProject } from './explain-issue.js';
import { listStandingBranches } from './free-branch.js';
import { follow, type IntakePorts, pollProject, takeIn } from './intake.js';
import { foldedJob } from './job-data.js';
import type { JobWorld } from './job-world.js';
import { createPollRequests } from './poll-requests.js';
import { createPoller, type PollResult } from './poller.js';
import type { Project } from './project.js';
import { runJob } from './run-job.js';
import { readStoreIdentity, type StoreIdentity } from './store-identity.js';
import { tendStrays } from './stray-jobs.js';
import { sweepProject } from './sweep.js';
import { wakeWaiting } from './wake-waiting.js';
import { watchPullRequests } from './watch-pull-requests.js';

const defaultAuthor = { name: 'Baton', email: 'baton@localhost' };

type Settings = Pick<BatonOptions, 'projects' | 'concurrency' | 'pollIntervalMs'>;

/** Makes an engine. Throws `CONFIG_INVALID` on projects that can't be told apart; nothing is read or started. */
export function createBaton(options: BatonOptions): Baton {
  const { runtime, store } = options;
  const labelPrefix = options.labelPrefix ?? 'baton:';
  const leaseMs = options.leaseMs ?? 60_000;
  const worker = options.worker ?? runtime.id('worker');
  const deathOf = options.deathOf ?? (() => null);
  const settings = { labelPrefix, leaseMs, worker, deathOf, author: options.author ?? defaultAuthor };
  let identity: StoreIdentity | null = null;
  const hub = createEventHub();
  const baselines = createBaselines(store);
  let current: Settings = checked(options);
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
  const intake = async (project: Project): Promise<IntakePorts> => {
    const { bornAt } = await identify();
    const standing = listStandingBranches(project, { signal: stopped.signal });
    return { project, store, runtime, labelPrefix, bornAt, standing };
  };
  const facts = (project: Project) => ({ project, store, runtime });

  const run = async (lease: JobLease, isPaused: boolean): Promise<void> => {
    const project = current.projects.find((each) => each.name === lease.job.project);
    if (!project) return store.release(lease);
    const world: JobWorld = {
      project,
      runtime,
      store,
      settings: {
        ...settings,
        ...(await identify()),
        ...(options.owner === undefined ? {} : { owner: options.owner }),
      },
      baselines,
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
    isDraining: () => draining.signal.aborted,
    isAlone: (job) => mustRunAlone(foldedJob(job), deathOf),
    run,
    onError: (error) => {
      const message = error instanceof Error ? error.message : String(error);
      if (BatonError.is(error, 'DISK_FULL') || BatonError.is(error, 'STORE_UNREADABLE')) {
        emit({ type: 'operator-needed', at: runtime.clock.now(), code: error.code, message });
      } else log('error', message);
    },
  });

  const pinned = new WeakSet<Project>();
  /** Once for each project as it is configured; again while a host doesn't answer. */
  const pin = async (project: Project): Promise<void> => {
    if (pinned.has(project)) return;
    try {
      const lookups = await pinBots({ project, store, runtime }, { signal: stopped.signal });
      if (lookups.every(({ kind }) => kind !== 'failed')) pinned.add(project);
      for (const { ok, detail, fix } of lookups.map(describeBot)) {
        if (!ok) log('warn', `${project.name}: trust.bots: ${detail}; ${fix}`);
      }
    } catch (error) {
      if (!stopped.signal.aborted)
        log('warn', `${project.name}: trust.bots could not be looked up: ${messageOf(error)}`);
    }
  };

  const judgeWaitsAnew = async (): Promise<void> => {
    try {
      await wakeWaiting(current.projects, { store, now: runtime.clock.now() }, { signal: stopped.signal });
    } catch (error) {
      if (!stopped.signal.aborted) log('warn', `Waiting jobs could not be judged anew: ${messageOf(error)}`);
    }
    dispatcher.poke();
  };

  const join = async (): Promise<void> => {
    if (membership !== null) return;
    membership = await store.join(worker);
    await identify();
    emit({ type: 'engine-started', at: runtime.clock.now(), worker });
    for (const project of current.projects) {
      await pin(project);
      try {
        await sweepProject(project, store, labelPrefix, { signal: stopped.signal });
      } catch (error) {
        log('warn', `${project.name}: what a crash may have left could not be swept: ${messageOf(error)}`);
      }
    }
    await judgeWaitsAnew();
  };

  /** Jobs are found by their project's name, which a person may have changed. */
  const tend = async (): Promise<void> => {
    if (membership === null) return;
    const ports = { projects: current.projects, store, runtime, worker, leaseMs };
    await tendStrays(ports, { signal: stopped.signal }).catch((error: unknown) => {
      if (!stopped.signal.aborted) log('warn', `Jobs without a project could not be looked after: ${messageOf(error)}`);
    });
  };

  const pollFailed = (project: Project, error: unknown): PollResult => {
    const message = messageOf(error);
    if (!stopped.signal.aborted) {
      emit({ type: 'poll-failed', at: runtime.clock.now(), project: project.name, message });
    }
    const retryAt = BatonError.is(error, 'RATE_LIMITED') ? error.details.retryAt : null;
    return { kind: 'failed', project: project.name, message, retryAt };
  };

  const pollSource = async (project: Project, call: CallOptions): Promise<PollResult> => {
    try {
      const report = await pollProject(await intake(project), call);
      const at = runtime.clock.now();
      for (const job of report.enqueued) emit({ type: 'job-changed', at, job, reason: null });
      for (const { issueKey, message } of report.failed) log('error', `${issueKey} could not be taken in: ${message}`);
      const polled = { project: project.name, found: report.found, enqueued: report.enqueued.length };
      emit({ type: 'project-polled', at, ...polled });
      return { kind: 'polled', ...polled };
    } catch (error) {
      return pollFailed(project, error);
    }
  };

  const poll = async (project: Project): Promise<PollResult> => {
    const call: CallOptions = { signal: stopped.signal };
    await tend();
    await pin(project);
    const result = await pollSource(project, call);
    // A tracker that can't be read is no reason to miss a merge.
    const unwatched = await watchPullRequests(project, store, call).then(
      () => null,
      (error: unknown) => pollFailed(project, error),
    );
    dispatcher.poke();
    return result.kind === 'failed' ? result : (unwatched ?? result);
  };

  const poller = createPoller({
    runtime,
    projects: () => current.projects,
    intervalMs: () => current.pollIntervalMs ?? 30_000,
    poll,
  });
  const pollRequests = createPollRequests({ store, clock: runtime.clock, round: poller.round });

  const begin = (loop: Promise<void>): void => {
    const ended = loop.catch((error: unknown) => log('error', messageOf(error))).finally(() => loops.delete(ended));
    loops.add(ended);
  };

  const drain = async (job?: string): Promise<void> => {
    do await dispatcher.fill(job);
    while (await dispatcher.oneEnded());
  };

  const locate = async (
    reference: string,
    named?: string,
  ): Promise<{ readonly project: Project; readonly issue: Issue } | null> => {
    for (const project of current.projects) {
      if (named !== undefined && project.name !== named) continue;
      const issue = await project.source.find(reference);
      if (issue) return { project, issue };
    }
    return null;
  };

  return {
    async start() {
      await join();
      begin(poller.loop(draining.signal));
      begin(dispatcher.loop(draining.signal));
      begin(pollRequests.loop(draining.signal));
    },

    async runOnce() {
      await join();
      await poller.round();
      await drain();
    },

    async runIssue(reference, narrowed) {
      await join();
      const found = await locate(reference, narrowed?.project);
      if (!found) return null;
      await takeIn(await intake(found.project), found.issue);
      const { job } = await explainIssue(facts(found.project), found.issue);
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
      dispatcher.poke();
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
      dispatcher.poke();
    },

    async retry(jobId, { fresh = false } = {}) {
      const ended = await store.get(jobId);
      if (!ended) throw new BatonError('NOT_FOUND', `There is no job ${jobId}.`, { details: { resource: jobId } });
      if (!isEnded(ended.phase)) {
        throw new BatonError('CONFLICT', `Job ${jobId} has not ended: it is ${ended.phase}.`, { details: {} });
      }
      const found = await locate(ended.issueKey, ended.project);
      const next = found && (await follow(await intake(found.project), found.issue, ended, { fresh }));
      if (!next) {
        throw new BatonError('CONFLICT', `Issue ${ended.issueKey} is gone, or has a newer job than ${jobId}.`, {
          details: {},
        });
      }
      dispatcher.poke();
      return next;
    },

    async explain(reference, narrowed) {
      const found = await locate(reference, narrowed?.project);
      return found && explainIssue(facts(found.project), found.issue);
    },

    async plan() {
      const explained = [];
      for (const project of current.projects) explained.push(...(await explainProject(facts(project))));
      return explained;
    },

    reconfigure(next) {
      current = checked(next);
      if (loops.size === 0) return;
      begin(judgeWaitsAnew());
      poller.poke();
    },
  };
}

function checked(settings: Settings): Settings {
  const names = settings.projects.map((project) => project.name);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  const picky = settings.projects.find(({ agents }) => agents.every(({ when }) => when !== undefined));
  if (picky) {
    throw new BatonError('CONFIG_INVALID', `Every agent of the project ${picky.name} is for some issues only.`, {
      details: { setting: 'agents' },
      fix: 'Leave `when` out of one of them: it takes what no other is for.',
    });
  }
  if (doubled === undefined) return settings;
  throw new BatonError('CONFIG_INVALID', `Two projects are called ${doubled}; stored jobs are found by that name.`, {
    details: { setting: 'projects' },
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
