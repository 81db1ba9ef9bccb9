import type { JsonValue } from '@baton/core';
import type { Connection } from './connection.js';
import { parseJson } from './job-row.js';

const sql = {
  read: 'SELECT value, version FROM facts WHERE key = :key',
  add: 'INSERT INTO facts (key, value, version) VALUES (:key, :value, 1) ON CONFLICT (key) DO NOTHING',
  change: 'UPDATE facts SET value = :value, version = version + 1 WHERE key = :key AND version = :expected',
};

/** `JobStore.readFact`. */
export function readFact(
  connection: Connection,
  key: string,
): { readonly value: JsonValue; readonly version: number } | null {
  const row = connection.get<{ value: string; version: number }>(sql.read, { key });
  return row && { value: parseJson(row.value), version: row.version };
}

/** `JobStore.writeFact`, inside a transaction. */
export function writeFact(connection: Connection, key: string, value: JsonValue, expected: number | null): boolean {
  const text = JSON.stringify(value);
  if (expected === null) return connection.run(sql.add, { key, value: text }) === 1;
  return connection.run(sql.change, { key, value: text, expected }) === 1;
}
