import type { JsonValue } from '@baton/core';
import type { Connection } from './connection.js';
import { parseJson } from './job-row.js';

const sql = {
  read: 'SELECT value, version FROM settings WHERE key = :key',
  add: 'INSERT INTO settings (key, value, version) VALUES (:key, :value, 1) ON CONFLICT (key) DO NOTHING',
  change: 'UPDATE settings SET value = :value, version = version + 1 WHERE key = :key AND version = :expected',
};

/** `JobStore.readSetting`. */
export function readSetting(
  connection: Connection,
  key: string,
): { readonly value: JsonValue; readonly version: number } | null {
  const row = connection.get<{ value: string; version: number }>(sql.read, { key });
  return row && { value: parseJson(row.value), version: row.version };
}

/** `JobStore.writeSetting`, inside a transaction. */
export function writeSetting(connection: Connection, key: string, value: JsonValue, expected: number | null): boolean {
  const text = JSON.stringify(value);
  if (expected === null) return connection.run(sql.add, { key, value: text }) === 1;
  return connection.run(sql.change, { key, value: text, expected }) === 1;
}
