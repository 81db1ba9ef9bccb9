/** "BTON": marks a file as Baton's, so that another program's database is never taken for an empty store. */
export const applicationId = 0x42544f4e;

/**
 * The steps that lead to today's schema. Step `n` brings version `n` to `n + 1` and never changes once
 * released: a new schema is another step at the end.
 *
 * `jobs.place` says where a job stands in the queue, so that a claim looks at what may be claimed and at
 * nothing else: `asleep` until its instant, `due`, `held` under a lease (also one that ran out), or `ended`.
 * `jobs.seen_signal` is the last signal that was read under a lease.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE stays (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    worker TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    intent TEXT NOT NULL,
    project TEXT NOT NULL,
    issue_key TEXT NOT NULL,
    branch TEXT NOT NULL,
    phase TEXT NOT NULL,
    outcome TEXT,
    wait TEXT,
    attempt INTEGER NOT NULL,
    round INTEGER NOT NULL,
    priority REAL,
    wake_at REAL NOT NULL,
    data TEXT NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0,
    seen_signal INTEGER NOT NULL DEFAULT 0,
    fence INTEGER NOT NULL DEFAULT 0,
    stay INTEGER,
    leased_until REAL,
    place TEXT NOT NULL CHECK (place IN ('asleep', 'due', 'held', 'ended')),
    CHECK ((place = 'held') = (stay IS NOT NULL))
  ) STRICT;
  CREATE UNIQUE INDEX jobs_by_id ON jobs (id);
  CREATE INDEX jobs_by_key ON jobs (dedupe_key);
  CREATE INDEX jobs_by_issue ON jobs (issue_key);
  CREATE INDEX jobs_by_project ON jobs (project);
  CREATE INDEX jobs_by_phase ON jobs (phase);
  CREATE INDEX jobs_by_project_and_phase ON jobs (project, phase);
  CREATE INDEX jobs_by_update ON jobs (updated_at);
  CREATE INDEX jobs_due ON jobs (project, priority IS NULL, priority, created_at) WHERE place = 'due';
  CREATE INDEX jobs_asleep ON jobs (wake_at) WHERE place = 'asleep';
  CREATE INDEX jobs_held ON jobs (stay) WHERE stay IS NOT NULL;

  CREATE TABLE journal (
    job INTEGER NOT NULL REFERENCES jobs (number),
    seq INTEGER NOT NULL,
    at REAL NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (job, seq)
  ) STRICT;

  CREATE TABLE signals (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL REFERENCES jobs (number),
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    at REAL NOT NULL
  ) STRICT;
  CREATE INDEX signals_by_job ON signals (job);

  CREATE TABLE turns (
    project TEXT PRIMARY KEY,
    served INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX turns_by_served ON turns (served);

  CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE reservations (
    job INTEGER NOT NULL REFERENCES jobs (number),
    id TEXT NOT NULL,
    settled INTEGER NOT NULL,
    amounts TEXT NOT NULL,
    PRIMARY KEY (job, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE totals (
    scope TEXT NOT NULL,
    period TEXT NOT NULL,
    unit TEXT NOT NULL,
    amount REAL NOT NULL,
    PRIMARY KEY (scope, period, unit)
  ) STRICT, WITHOUT ROWID;
  `,
  // Of jobs that an earlier version took in nobody knows how old their issue is: they keep their order.
  `
  ALTER TABLE jobs ADD COLUMN issue_created_at REAL NOT NULL DEFAULT 0;
  UPDATE jobs SET issue_created_at = created_at;
  DROP INDEX jobs_due;
  CREATE INDEX jobs_due ON jobs (project, priority IS NULL, priority, issue_created_at) WHERE place = 'due';
  `,
  `
  CREATE TABLE holds (
    key TEXT PRIMARY KEY,
    stay INTEGER NOT NULL,
    held_until REAL NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX holds_by_stay ON holds (stay);
  ALTER TABLE jobs RENAME COLUMN intent TO request_hash;
  ALTER TABLE settings RENAME TO facts;
  `,
];
