import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The values of a statement by the names it gives them, without the colon. */
export type Values = Readonly<Record<string, string | number | null>>;

/** Statements against an open database: each is prepared once, and none is made of values. */
export interface Connection {
  readonly database: DatabaseSync;
  /** The first row, or null. */
  get<Row>(sql: string, values?: Values): Row | null;
  all<Row>(sql: string, values?: Values): readonly Row[];
  /** How many rows it changed. */
  run(sql: string, values?: Values): number;
}

/** Wraps an open database. `onPrepare` is told each statement once. */
export function createConnection(database: DatabaseSync, onPrepare?: (sql: string) => void): Connection {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql);
    if (known) return known;
    onPrepare?.(sql);
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    database,
    // What a row holds follows from its statement and the schema, whose tables are strict.
    get: <Row>(sql: string, values: Values = {}) => (prepare(sql).get(values) ?? null) as Row | null,
    all: <Row>(sql: string, values: Values = {}) => prepare(sql).all(values) as readonly unknown[] as readonly Row[],
    run: (sql, values = {}) => Number(prepare(sql).run(values).changes),
  };
}
