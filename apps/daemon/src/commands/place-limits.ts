import type { PlaceLimits } from '../jobs/find-places.js';
import { listWorkers } from '../running/announce-worker.js';
import type { Records } from '../wire/open-records.js';

/** The limits that a configuration sets, and the daemons that run. */
export function placeLimitsOf({ config, state }: Pick<Records, 'config' | 'state'>): PlaceLimits {
  return { ...config, daemons: listWorkers(state).length };
}
