import type { CallOptions, RescuedWork } from '@baton/core';
import type { Records } from '../wire/open-records.js';

/** Everything that workspace providers keep of jobs, whoever remembers these, by job and attempt. */
export async function listRescued(session: Records, call: CallOptions): Promise<readonly RescuedWork[]> {
  const kept: RescuedWork[] = [];
  for (const provider of await session.workspaces()) kept.push(...((await provider.rescued?.(call)) ?? []));
  return kept;
}
