import type { Signal } from '@baton/core';
import type { JobEntry } from './entry.js';

/** A signal as the journal tells it. What its data doesn't say plainly, it doesn't say. */
export function mapSignal({ type, data, at }: Signal): JobEntry {
  const fields: readonly (readonly [string, unknown])[] = Object.entries(data ?? {});
  const told = (name: string): unknown => fields.find(([key]) => key === name)?.[1];
  const said = (name: string): string | null => {
    const value = told(name);
    return typeof value === 'string' ? value : null;
  };
  const seen = said('seen');
  const publish = told('publish');
  return {
    type: 'signalled',
    data: {
      type,
      message: said('message'),
      ...(seen !== null && { seen }),
      ...(typeof publish === 'boolean' && { publish }),
      at,
    },
  };
}
