import type { CallOptions, JobStore, JsonValue } from '@baton/core';
import type { Pause } from '../project/project.js';
import { updateSetting } from '../store/update-setting.js';

const key = 'pause';

/** Whether new work is stopped, for every daemon on this store. */
export async function readPause(store: JobStore, options: CallOptions = {}): Promise<Pause | null> {
  const setting = await store.readSetting(key, options);
  return setting === null ? null : mapPause(setting.value);
}

/** Stops new work, or with null lets it go on. Holds until somebody says otherwise, over restarts. */
export async function writePause(store: JobStore, pause: Pause | null, options: CallOptions = {}): Promise<void> {
  const value: JsonValue = pause && { reason: pause.reason, at: pause.at };
  await updateSetting(store, key, () => ({ answer: null, write: value }), options);
}

function mapPause(value: JsonValue): Pause | null {
  if (value === null || typeof value !== 'object' || !('at' in value) || typeof value.at !== 'number') return null;
  const reason = 'reason' in value ? value.reason : null;
  return { reason: typeof reason === 'string' ? reason : null, at: value.at };
}
