import type { Connection } from './connection.js';
import type { Workers } from './workers.js';

const sql = {
  find: 'SELECT stay, held_until FROM holds WHERE key = :key',
  take: `INSERT INTO holds (key, stay, held_until) VALUES (:key, :stay, :until)
    ON CONFLICT (key) DO UPDATE SET stay = excluded.stay, held_until = excluded.held_until`,
  letGo: 'DELETE FROM holds WHERE key = :key',
};

/** What `holdKey` is asked for. */
export interface HoldRequest {
  readonly key: string;
  readonly worker: string;
  readonly forMs: number;
}

/** `JobStore.hold`, inside a transaction. */
export function holdKey(
  connection: Connection,
  workers: Workers,
  { key, worker, forMs }: HoldRequest,
  now: number,
): boolean {
  const stay = workers.stayOf(worker);
  const holder = connection.get<{ stay: number; held_until: number }>(sql.find, { key });
  if (holder && holder.stay !== stay && holder.held_until > now && workers.isAlive(holder.stay)) return false;
  if (forMs <= 0) {
    connection.run(sql.letGo, { key });
    return false;
  }
  connection.run(sql.take, { key, stay, until: now + forMs });
  return true;
}
