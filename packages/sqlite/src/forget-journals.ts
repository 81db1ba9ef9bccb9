import type { CallOptions, Instant } from '@baton/core';
import type { Database } from './database.js';

/** Between two transactions others have their turn. */
const jobsAtOnce = 50;

const sql = {
  next: `SELECT number FROM jobs INDEXED BY jobs_by_update
    WHERE updated_at < :before AND place = 'ended' AND EXISTS (SELECT 1 FROM journal WHERE job = jobs.number)
    ORDER BY updated_at LIMIT :limit`,
  forget: 'DELETE FROM journal WHERE job = :job',
};

/** `JobStore.forgetJournals`. */
export async function forgetJournals(
  database: Database,
  endedBefore: Instant,
  call: CallOptions | undefined,
): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const jobs = await database.write(call, (connection) => {
      const found = connection.all<{ readonly number: number }>(sql.next, { before: endedBefore, limit: jobsAtOnce });
      for (const { number } of found) connection.run(sql.forget, { job: number });
      return found.length;
    });
    forgotten += jobs;
    if (jobs < jobsAtOnce) return forgotten;
    call?.signal?.throwIfAborted();
  }
}
