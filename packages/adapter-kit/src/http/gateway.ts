import type { AdapterHost, CallOptions, HostQuota, Instant, Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import PQueue from 'p-queue';
import { createPollAdmission, type PollAdmission } from './poll-admission.js';

/** What may still be asked of a host in the present period, as the host last said. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: Instant;
}

/** What a request is, to whoever shares the host with it. */
export interface GatewayRequest {
  /** `job`: something that runs waits for it. `poll`: it can be put off. */
  readonly priority: 'job' | 'poll';
  /** Writes go out one at a time. */
  readonly kind: 'read' | 'write';
  /** Which of the host's quotas it counts against, by the host's own name for it. */
  readonly resource: string;
}

/** What went through a gateway so far. */
export interface GatewayUsage {
  readonly sent: { readonly jobReads: number; readonly pollReads: number; readonly writes: number };
  readonly waiting: number;
  /** By resource. Empty until the host has said something. */
  readonly quotas: Readonly<Record<string, Quota>>;
  /** Nothing is sent before. Null where nothing is held back. */
  readonly heldUntil: Instant | null;
}

/** The one way to a host, for everything on this machine that asks it. */
export interface Gateway {
  /**
   * Runs a request when its turn has come. `RATE_LIMITED` without running it where the host asked us to wait,
   * where its quota is spent, or where a poll would take what running jobs need.
   */
  run<Answer>(request: GatewayRequest, task: () => Promise<Answer>, options?: CallOptions): Promise<Answer>;
  /** What the host said last of each quota whose period isn't over. */
  quotas(): readonly HostQuota[];
  /** Remembers what the host said of a quota. */
  note(resource: string, quota: Quota): void;
  /** Sends nothing more before this instant: the host asked for it. */
  hold(until: Instant): void;
  usage(): GatewayUsage;
  /**
   * Asked once before a poll, however many requests it takes. Null: go ahead. Else the instant from which on
   * one may be made: polls are spread over what is left of a quota that runs low, and `poller`, the same each
   * time, gets its turn among the others.
   */
  admitPoll(resource: string, poller: string): Instant | null;
}

/** How a gateway is made. */
export interface GatewayOptions {
  /** Name of the host, for messages and the log. */
  readonly host: string;
  /** `id` of the adapter, for errors. */
  readonly adapter: string;
  readonly runtime: Pick<Runtime, 'clock'>;
  /** Reads for jobs at once. Default 8. Polls have a lane of their own, half as wide: no job waits behind them. */
  readonly concurrency?: number;
  /** Milliseconds between the beginnings of two writes. Default 1000. */
  readonly writeIntervalMs?: number;
  /** Share of a quota that polls leave to running jobs. Default 0.25. */
  readonly reserve?: number;
  /** Is told when polls are slowed down, when the host asks us to wait, and when that is over. */
  readonly log?: AdapterHost['log'];
}

/** Polls are spread over the rest of the period once less than this share of a quota is left. */
const easyShare = 0.5;

/** A gateway that has asked nothing yet. Keeps no timer but those of requests that wait. */
export function createGateway(options: GatewayOptions): Gateway {
  const { host, adapter, concurrency = 8, writeIntervalMs = 1000, reserve = 0.25, log = () => undefined } = options;
  const { clock } = options.runtime;
  const jobs = new PQueue({ concurrency });
  const polls = new PQueue({ concurrency: Math.ceil(concurrency / 2) });
  const writes = new PQueue({ concurrency: 1 });
  const quotas = new Map<string, Quota>();
  const sent = { jobReads: 0, pollReads: 0, writes: 0 };
  /** Of quotas that run low. */
  const admissions = new Map<string, PollAdmission>();
  let heldUntil = 0;
  let lastWriteAt: number | null = null;

  const limited = (retryAt: Instant, why: string): BatonError<'RATE_LIMITED'> =>
    new BatonError('RATE_LIMITED', `${host} ${why} until ${new Date(retryAt).toISOString()}.`, {
      adapter,
      details: { retryAt },
    });
  /** Quotas of a period that is over say nothing. */
  const quotaOf = (resource: string): Quota | null => {
    const quota = quotas.get(resource);
    return quota && quota.resetAt > clock.now() ? quota : null;
  };
  /** What polls may still use. */
  const leftForPolls = (quota: Quota): number => quota.remaining - Math.ceil(quota.limit * reserve);
  const watchSlowness = (resource: string): void => {
    const quota = quotaOf(resource);
    const isSlow = quota !== null && quota.remaining <= quota.limit * easyShare;
    if (isSlow === admissions.has(resource)) return;
    if (isSlow) admissions.set(resource, createPollAdmission(clock.now()));
    else admissions.delete(resource);
    const fields = quota === null ? {} : { remaining: quota.remaining, limit: quota.limit };
    log('info', `${host}: polls ${isSlow ? 'are slowed down to leave quota to jobs' : 'go at full speed again'}`, {
      resource,
      ...fields,
    });
  };
  const refuse = ({ priority, resource }: GatewayRequest): void => {
    const now = clock.now();
    if (heldUntil > now) throw limited(heldUntil, 'asked us to wait');
    const quota = quotaOf(resource);
    if (quota && quota.remaining <= 0) throw limited(quota.resetAt, 'has no quota left for us');
    if (priority === 'poll' && quota && leftForPolls(quota) <= 0) {
      throw limited(quota.resetAt, 'is not polled, to leave quota to running jobs,');
    }
  };
  const awaitWriteTurn = async (signal: AbortSignal | undefined): Promise<void> => {
    const waitMs = lastWriteAt === null ? 0 : lastWriteAt + writeIntervalMs - clock.monotonic();
    if (waitMs > 0) await clock.sleep(waitMs, signal ? { signal } : {});
    lastWriteAt = clock.monotonic();
  };

  return {
    async run(request, task, callOptions) {
      const signal = callOptions?.signal;
      signal?.throwIfAborted();
      refuse(request);
      const lane = request.kind === 'write' ? writes : request.priority === 'job' ? jobs : polls;
      const turn = async () => {
        // Something may have been learned while it waited.
        refuse(request);
        if (request.kind === 'write') await awaitWriteTurn(signal);
        sent[request.kind === 'write' ? 'writes' : request.priority === 'job' ? 'jobReads' : 'pollReads'] += 1;
        return task();
      };
      return lane.add(turn, signal ? { signal } : {});
    },
    note(resource, quota) {
      quotas.set(resource, quota);
      watchSlowness(resource);
    },
    hold(until) {
      if (until <= heldUntil) return;
      heldUntil = until;
      log('warn', `${host} asked us to wait until ${new Date(until).toISOString()}`);
    },
    quotas: () =>
      [...quotas.keys()].flatMap((name) => {
        const quota = quotaOf(name);
        if (quota === null) return [];
        const remaining = Math.max(0, Math.min(quota.remaining, quota.limit));
        return [{ name, limit: quota.limit, remaining, resetAt: quota.resetAt }];
      }),
    usage: () => ({
      sent: { ...sent },
      waiting: jobs.size + polls.size + writes.size,
      quotas: Object.fromEntries(quotas),
      heldUntil: heldUntil > clock.now() ? heldUntil : null,
    }),
    admitPoll(resource, poller) {
      const now = clock.now();
      const quota = quotaOf(resource);
      const admission = admissions.get(resource);
      // Where nothing goes out at all, the request itself is told why.
      if (!quota || !admission || heldUntil > now || quota.remaining <= 0) return null;
      const left = leftForPolls(quota);
      if (left <= 0) return quota.resetAt;
      return admission.admit(poller, { now, msEach: (quota.resetAt - now) / left, most: left });
    },
  };
}
