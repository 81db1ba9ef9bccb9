import type { CheckEvidence, Cursor, Instant } from '@baton/core';
import { z } from 'zod';
import type { Pause } from '../project/project.js';
import type { Fact } from './fact.js';

/** What a store is known by. Made once for each. */
export interface StoreIdentity {
  /** By what name daemons on it claim issues, where nobody gave one. */
  readonly owner: string;
  /** By our clock. */
  readonly bornAt: Instant;
}

/** An agent whose provider can't be asked. Kept in the store, so that no other job asks it in vain. */
export interface AgentOutage {
  /** Not asked again before this instant. */
  readonly until: Instant;
  /** Outages in a row, this one included. */
  readonly failures: number;
  readonly reason: string;
  /** Whether the provider itself named the instant. */
  readonly announced: boolean;
  /** Ids of the jobs that found it so since it answered last, the latest two. Absent in one that an earlier version noted. */
  readonly foundBy?: readonly string[] | undefined;
}

/** What a gate found on a base commit. */
export interface KeptBaseline {
  readonly commit: string;
  readonly cacheKey: string;
  readonly evidence: readonly CheckEvidence[];
}

/** A job that was begun, and when. */
export interface BegunJob {
  readonly job: string;
  readonly at: Instant;
}

/** A bot that `trust.bots` names, as it was looked up first. The id is what is trusted: a login can change hands. */
export interface BotPin {
  /** As the configuration names it. */
  readonly entry: string;
  /** `id` of the adapter that looked it up: an id means nobody on another host. */
  readonly host: string;
  readonly id: string;
  readonly login: string;
  readonly at: Instant;
  /** Id of the account to which the login belongs since. Not null: neither of the two is trusted. */
  readonly takenBy: string | null;
}

/** What a poll of one project came to. */
export type PollResult =
  /** Issues that the source told of, and jobs that were made of them. */
  | { readonly kind: 'polled'; readonly project: string; readonly found: number; readonly enqueued: number }
  /** `retryAt`: when the host is to be asked again, where it said so. */
  | { readonly kind: 'failed'; readonly project: string; readonly message: string; readonly retryAt: Instant | null };

/** What was asked for and answered so far, over all processes on a store. */
export interface PollRequests {
  /** How often somebody asked. */
  readonly asked: number;
  /** The last that is answered for every project of a daemon, with all before it. */
  readonly answered: number;
  /** The last answer for each project. `request`: which it answers, with all before it. */
  readonly results: readonly (PollResult & { readonly request: number })[];
}

const pollAnswer = z.looseObject({ project: z.string(), request: z.number() });
const pollResult = z.union([
  pollAnswer.extend({ kind: z.literal('polled'), found: z.number(), enqueued: z.number() }),
  pollAnswer.extend({ kind: z.literal('failed'), message: z.string(), retryAt: z.number().nullable() }),
]);
// What a gate told was judged when it was: here it only has to be there.
const evidence = z.custom<CheckEvidence>((value) => typeof value === 'object' && value !== null);

/** Every fact that the engine keeps beside its jobs. */
export const facts = {
  identity: (): Fact<StoreIdentity> => ({
    key: 'identity',
    shape: z.looseObject({ owner: z.string(), bornAt: z.number() }),
    ifDamaged: 'refuse',
  }),

  /** Whether new work is stopped, for every daemon on the store. */
  pause: (): Fact<Pause> => ({
    key: 'pause',
    shape: z.looseObject({ reason: z.string().nullable(), at: z.number() }),
    ifDamaged: 'refuse',
  }),

  pollRequests: (): Fact<PollRequests> => ({
    key: 'poll-requests',
    shape: z.looseObject({ asked: z.number(), answered: z.number(), results: z.array(pollResult) }),
    ifDamaged: 'forget',
  }),

  /** How far the issues of a poll were read. */
  cursor: (poll: string): Fact<Cursor> => ({
    key: `cursor/${poll}`,
    shape: z.string(),
    ifDamaged: 'forget',
  }),

  agentOutage: (project: string, agent: string): Fact<AgentOutage> => ({
    key: `agent-outage/${project}/${agent}`,
    shape: z.looseObject({
      until: z.number(),
      failures: z.number(),
      reason: z.string(),
      announced: z.boolean(),
      foundBy: z.array(z.string()).optional(),
    }),
    ifDamaged: 'forget',
  }),

  baselines: (project: string, gate: string): Fact<readonly KeptBaseline[]> => ({
    key: `baseline/${project}/${gate}`,
    shape: z.array(z.looseObject({ commit: z.string(), cacheKey: z.string(), evidence: z.array(evidence) })),
    ifDamaged: 'forget',
  }),

  /** Jobs of one actor in one project that were begun of late. */
  begun: (project: string, actorId: string): Fact<readonly BegunJob[]> => ({
    key: `begun/${project}/${actorId}`,
    shape: z.array(z.looseObject({ job: z.string(), at: z.number() })),
    ifDamaged: 'refuse',
  }),

  /** Ids of jobs that took a place for an open pull request. */
  places: (project: string): Fact<readonly string[]> => ({
    key: `places/${project}`,
    shape: z.array(z.string()),
    ifDamaged: 'refuse',
  }),

  botPins: (project: string): Fact<readonly BotPin[]> => ({
    key: `bots/${project}`,
    shape: z.array(
      z.looseObject({
        entry: z.string(),
        host: z.string(),
        id: z.string(),
        login: z.string(),
        at: z.number(),
        takenBy: z.string().nullable(),
      }),
    ),
    ifDamaged: 'refuse',
  }),
};
