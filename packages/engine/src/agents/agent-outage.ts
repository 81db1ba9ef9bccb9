import type { CallOptions, Instant, JobStore, TurnEnd } from '@baton/core';
import { afterReset, backoffMs } from '../job/backoff.js';
import { type Fact, readFact, writeFact } from '../store/fact.js';
import { type AgentOutage, facts } from '../store/facts.js';

/**
 * Whether a job has to wait for it. What one job alone finds may be that job's doing, whose agent can have a provider's
 * server fail, or say by itself that it is away: nobody else waits before a second one finds the same.
 */
export function isOutageFor({ announced, foundBy }: AgentOutage, job: string): boolean {
  return announced || foundBy === undefined || foundBy.length > 1 || foundBy.includes(job);
}

/** An agent of a project, as its outages are filed. */
export interface AgentSubject {
  readonly project: string;
  /** As `agentName` has it. */
  readonly name: string;
}

/** The agent's last outage, over or not. Null where it answered since. */
export async function readOutage(
  store: JobStore,
  subject: AgentSubject,
  options: CallOptions = {},
): Promise<AgentOutage | null> {
  return (await readFact(store, factOf(subject), options)).value;
}

/** Remembers that an agent could not be asked for a job: until its provider's instant and a little, or for longer each time. */
export async function rememberOutage(
  store: JobStore,
  subject: AgentSubject,
  { job, end }: { readonly job: string; readonly end: TurnEnd },
  world: { readonly now: Instant; readonly random: number },
): Promise<void> {
  const fact = factOf(subject);
  const { value: earlier, version } = await readFact(store, fact);
  const failures = (earlier?.failures ?? 0) + 1;
  const announced = end.retryAt !== undefined;
  const until = announced
    ? afterReset(Math.max(world.now, end.retryAt), world.random)
    : world.now + backoffMs(failures, world.random);
  const foundBy = [...new Set([...(earlier?.foundBy ?? []), job])].slice(-2);
  const outage = { until, failures, reason: end.outcome.raw, announced, foundBy };
  // Another job that was told the same at the same time may have won: what it wrote holds as well.
  await writeFact(store, fact, { value: outage, version });
}

/** Forgets an outage: the agent answered. */
export async function forgetOutage(store: JobStore, subject: AgentSubject): Promise<void> {
  const fact = factOf(subject);
  const { value, version } = await readFact(store, fact);
  if (value !== null) await writeFact(store, fact, { value: null, version });
}

/** Has an agent asked again at once, unless its provider named the instant: an operator may have mended what was wrong. */
export async function endOutage(
  store: JobStore,
  subject: AgentSubject,
  now: Instant,
  options: CallOptions = {},
): Promise<void> {
  const fact = factOf(subject);
  const { value: outage, version } = await readFact(store, fact, options);
  if (outage === null || outage.announced || outage.until <= now) return;
  await writeFact(store, fact, { value: { ...outage, until: now }, version }, options);
}

function factOf({ project, name }: AgentSubject): Fact<AgentOutage> {
  return facts.agentOutage(project, name);
}
