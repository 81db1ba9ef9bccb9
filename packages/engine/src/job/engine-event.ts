import type { AgentEvent, HostQuota, Instant, Job } from '@baton/core';

/** What an embedder, a log or a terminal is told. Facts, in the order they happened; noun-verb. */
export type BatonEvent =
  | { readonly type: 'engine-started'; readonly at: Instant; readonly worker: string }
  | { readonly type: 'engine-stopped'; readonly at: Instant }
  | {
      readonly type: 'project-polled';
      readonly at: Instant;
      readonly project: string;
      /** Issues that the source told of; 0 also where it said that nothing changed. */
      readonly found: number;
      readonly enqueued: number;
      /** What is left of the quotas of the source's host, as it said last. Empty where it says nothing. */
      readonly quotas: readonly HostQuota[];
    }
  | {
      readonly type: 'poll-failed';
      readonly at: Instant;
      readonly project: string;
      readonly message: string;
      readonly quotas: readonly HostQuota[];
    }
  /** A job's phase, wait or outcome changed. `reason` is the sentence for people, where there is one. */
  | { readonly type: 'job-changed'; readonly at: Instant; readonly job: Job; readonly reason: string | null }
  /** Something the agent said or did. Not stored. */
  | { readonly type: 'agent-event'; readonly at: Instant; readonly jobId: string; readonly event: AgentEvent }
  /** Something that no retry mends and somebody should look at. Told once per cause. */
  | { readonly type: 'operator-needed'; readonly at: Instant; readonly code: string; readonly message: string }
  | {
      readonly type: 'log';
      readonly at: Instant;
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly jobId: string | null;
    };
