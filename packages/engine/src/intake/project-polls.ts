import { BatonError, type CallOptions, type JobStore, messageOf, type Runtime } from '@baton/core';
import type { BatonEvent } from '../job/engine-event.js';
import type { Project } from '../project/project.js';
import { watchPullRequests } from '../review/watch-pull-requests.js';
import type { PollResult } from '../store/facts.js';
import { describeBot, pinBots } from '../trust/bot-pins.js';
import { type IntakePorts, pollProject } from './intake.js';

/** What polls are made with. */
export interface ProjectPollsOptions {
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly intake: (project: Project) => Promise<IntakePorts>;
  readonly emit: (event: BatonEvent) => void;
  /** Aborted when the engine stops at once. */
  readonly signal: AbortSignal;
}

/** What a project's hosts are asked, over and over. */
export interface ProjectPolls {
  /** Looks the bots up that a project trusts: once for it as it is configured; again while a host doesn't answer. Never rejects. */
  pin(project: Project): Promise<void>;
  /** Takes in what is new, and looks at its pull requests. Never rejects. */
  poll(project: Project): Promise<PollResult>;
  /** Tells why a project could not be polled. */
  fail(project: Project, error: unknown): void;
}

/** Polls that tell of what they come to. */
export function createProjectPolls({ store, runtime, intake, emit, signal }: ProjectPollsOptions): ProjectPolls {
  const call: CallOptions = { signal };
  const pinned = new WeakSet<Project>();
  const log = (level: 'warn' | 'error', message: string): void =>
    emit({ type: 'log', at: runtime.clock.now(), level, message, jobId: null });

  const fail = (project: Project, error: unknown): PollResult => {
    const message = messageOf(error);
    const quotas = project.source.quotas?.() ?? [];
    if (!signal.aborted) emit({ type: 'poll-failed', at: runtime.clock.now(), project: project.name, message, quotas });
    const retryAt = BatonError.is(error, 'RATE_LIMITED') ? error.details.retryAt : null;
    return { kind: 'failed', project: project.name, message, retryAt };
  };

  const pollSource = async (project: Project): Promise<PollResult> => {
    try {
      const report = await pollProject(await intake(project), call);
      const at = runtime.clock.now();
      for (const job of report.enqueued) emit({ type: 'job-changed', at, job, reason: null });
      for (const { issueKey, message } of report.failed) log('error', `${issueKey} could not be taken in: ${message}`);
      const polled = { project: project.name, found: report.found, enqueued: report.enqueued.length };
      emit({ type: 'project-polled', at, ...polled, quotas: project.source.quotas?.() ?? [] });
      return { kind: 'polled', ...polled };
    } catch (error) {
      return fail(project, error);
    }
  };

  return {
    async pin(project) {
      if (pinned.has(project)) return;
      try {
        const lookups = await pinBots({ project, store, runtime }, call);
        if (lookups.every(({ kind }) => kind !== 'failed')) pinned.add(project);
        for (const { ok, detail, fix } of lookups.map(describeBot)) {
          if (!ok) log('warn', `${project.name}: trust.bots: ${detail}; ${fix}`);
        }
      } catch (error) {
        if (!signal.aborted) log('warn', `${project.name}: trust.bots could not be looked up: ${messageOf(error)}`);
      }
    },
    async poll(project) {
      const result = await pollSource(project);
      // A tracker that can't be read is no reason to miss a merge.
      const unwatched = await watchPullRequests(project, store, call).then(
        () => null,
        (error: unknown) => fail(project, error),
      );
      return result.kind === 'failed' ? result : (unwatched ?? result);
    },
    fail,
  };
}
