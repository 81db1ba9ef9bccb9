import type { CallOptions, Instant, JobStore, TurnEnd } from '@baton/core';
import { afterReset, backoffMs } from '../job/backoff.js';

/** An agent whose provider can't be asked. Kept in the store, so that no other job asks it in vain. */
export interface AgentOutage {
  /** Not asked again before this instant. */
  readonly until: Instant;
  /** Outages in a row, this one included. */
  readonly failures: number;
  readonly reason: string;
  /** Whether the provider itself named the instant. */
  readonly announced: boolean;
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
  const setting = await store.readSetting(keyOf(subject), options);
  // Only this file writes the key.
  return setting === null ? null : (setting.value as unknown as AgentOutage | null);
}

/** Remembers that an agent could not be asked: until its provider's instant and a little, or for longer each time. */
export async function rememberOutage(
  store: JobStore,
  subject: AgentSubject,
  end: TurnEnd,
  world: { readonly now: Instant; readonly random: number },
): Promise<void> {
  const setting = await store.readSetting(keyOf(subject));
  const earlier = setting?.value as unknown as AgentOutage | null | undefined;
  const failures = (earlier?.failures ?? 0) + 1;
  const announced = end.retryAt !== undefined;
  const until = announced
    ? afterReset(Math.max(world.now, end.retryAt), world.random)
    : world.now + backoffMs(failures, world.random);
  const outage = { until, failures, reason: end.outcome.raw, announced } satisfies AgentOutage;
  // Another job that was told the same at the same time may have won: what it wrote holds as well.
  await store.writeSetting(keyOf(subject), outage, setting?.version ?? null);
}

/** Forgets an outage: the agent answered. */
export async function forgetOutage(store: JobStore, subject: AgentSubject): Promise<void> {
  const setting = await store.readSetting(keyOf(subject));
  if (setting !== null && setting.value !== null) await store.writeSetting(keyOf(subject), null, setting.version);
}

/** Has an agent asked again at once, unless its provider named the instant: an operator may have mended what was wrong. */
export async function endOutage(
  store: JobStore,
  subject: AgentSubject,
  now: Instant,
  options: CallOptions = {},
): Promise<void> {
  const setting = await store.readSetting(keyOf(subject), options);
  const outage = setting?.value as unknown as AgentOutage | null | undefined;
  if (!setting || !outage || outage.announced || outage.until <= now) return;
  await store.writeSetting(keyOf(subject), { ...outage, until: now }, setting.version, options);
}

function keyOf({ project, name }: AgentSubject): string {
  return `agent-outage/${project}/${name}`;
}
