import { BatonError, type CallOptions, type JobStore, type JsonValue } from '@baton/core';

const mostTries = 10;

/** What becomes of a setting: written, or left as it is. */
export interface SettingUpdate<Answer> {
  readonly answer: Answer;
  /** Absent: nothing is written. */
  readonly write?: JsonValue;
}

/**
 * Decides on a setting and writes it in one step: where somebody else wrote in between, it is decided anew. Of two
 * daemons that decide at once, one sees what the other wrote. `CONFLICT` where others keep writing.
 */
export async function updateSetting<Answer>(
  store: JobStore,
  key: string,
  decide: (value: JsonValue | null) => SettingUpdate<Answer> | Promise<SettingUpdate<Answer>>,
  options: CallOptions = {},
): Promise<Answer> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const setting = await store.readSetting(key, options);
    const { answer, write } = await decide(setting?.value ?? null);
    if (write === undefined) return answer;
    if (await store.writeSetting(key, write, setting?.version ?? null, options)) return answer;
  }
  throw new BatonError('CONFLICT', `${key} could not be written: somebody else kept changing it.`, { details: {} });
}
