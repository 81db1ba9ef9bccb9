import type { CallOptions, Job, JobStore, Signal } from '@baton/core';
import { isEnded } from '@baton/core';

/** What a person asked of a job and nobody has acted on yet. `wake` asks for nothing. */
export type PendingSignal = Signal & { readonly type: Exclude<Signal['type'], 'wake'> };

/** Those of one job, oldest first. An ended job heeds none any more. */
export async function listPending(store: JobStore, job: Job, call: CallOptions): Promise<readonly PendingSignal[]> {
  if (isEnded(job.phase)) return [];
  const signals = await store.pendingSignals(job.id, call);
  return signals.flatMap(({ type, ...rest }) => (type === 'wake' ? [] : [{ type, ...rest }]));
}

/** `cancel asked`, `cancel, steer asked`; empty where nothing is pending. */
export function pendingWords(pending: readonly PendingSignal[]): string {
  const types = [...new Set(pending.map(({ type }) => type))];
  return types.length === 0 ? '' : `${types.join(', ')} asked`;
}

/** As programs are told of them. */
export function mapPendingJson(pending: readonly PendingSignal[]): readonly Readonly<Record<string, unknown>>[] {
  return pending.map(({ type, data, at }) => ({ type, data, at: new Date(at).toISOString() }));
}
