import type { CallOptions, Job, JobPhase, JobQuery, JournalEntry } from '@baton/core';
import type { Values } from './connection.js';
import type { Database } from './database.js';
import { type JobRow, jobColumns, mapJob, parseJson } from './job-row.js';

/** How many lines are read at a time: between two reads, others have their turn. */
const firstPage = 250;
const largestPage = 4_000;

const narrowed = `
  AND number < :before
  AND (:project IS NULL OR project = :project)
  AND (:phases IS NULL OR phase IN (SELECT value FROM json_each(:phases)))
  AND (:key IS NULL OR dedupe_key = :key)
  AND (:issue IS NULL OR issue_key = :issue)
  AND (:from IS NULL OR (id >= :from AND id < :to))
  AND (:after IS NULL OR updated_at > :after)
  ORDER BY number DESC LIMIT :limit`;

/** One way into the table for each index; the rest of the query is looked at line by line. */
const sql = {
  key: `SELECT ${jobColumns} FROM jobs INDEXED BY jobs_by_key WHERE dedupe_key = :key ${narrowed}`,
  issue: `SELECT ${jobColumns} FROM jobs INDEXED BY jobs_by_issue WHERE issue_key = :issue ${narrowed}`,
  prefix: `SELECT ${jobColumns} FROM jobs INDEXED BY jobs_by_id WHERE id >= :from AND id < :to ${narrowed}`,
  update: `SELECT ${jobColumns} FROM jobs INDEXED BY jobs_by_update WHERE updated_at > :after ${narrowed}`,
  projectPhase: `SELECT ${jobColumns} FROM jobs INDEXED BY jobs_by_project_and_phase
    WHERE project = :project AND phase = :phase ${narrowed}`,
  phase: `SELECT ${jobColumns} FROM jobs INDEXED BY jobs_by_phase WHERE phase = :phase ${narrowed}`,
  project: `SELECT ${jobColumns} FROM jobs INDEXED BY jobs_by_project WHERE project = :project ${narrowed}`,
  all: `SELECT ${jobColumns} FROM jobs WHERE number > 0 ${narrowed}`,
  journal: `SELECT seq, at, type, journal.data AS data FROM journal
    WHERE job = (SELECT number FROM jobs WHERE id = :job) AND seq > :after ORDER BY seq LIMIT :limit`,
};

/** `JobStore.list`. */
export async function* listJobs(
  database: Database,
  query: JobQuery,
  call: CallOptions | undefined,
): AsyncGenerator<Job, void, undefined> {
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  let before = Number.MAX_SAFE_INTEGER;
  const way = wayOf(query);
  for (let page = firstPage; left > 0; page = Math.min(page * 2, largestPage)) {
    const limit = Math.min(page, left);
    const values = { ...valuesOf(query), before, limit };
    const jobs = await database.read(call, (connection) => {
      const rows =
        way.phases === null
          ? connection.all<JobRow>(sql[way.index], values)
          : merge(way.phases.map((phase) => connection.all<JobRow>(sql[way.index], { ...values, phase })));
      return rows.slice(0, limit).map(mapJob);
    });
    for (const job of jobs) {
      call?.signal?.throwIfAborted();
      yield job;
    }
    before = jobs.at(-1)?.sequence ?? 0;
    left -= jobs.length;
    if (jobs.length < limit) return;
  }
}

/** `JobStore.journal`. */
export async function* listJournal(
  database: Database,
  job: string,
  after: number,
  call: CallOptions | undefined,
): AsyncGenerator<JournalEntry, void, undefined> {
  type Row = Omit<JournalEntry, 'data'> & { readonly data: string };
  let last = after;
  for (;;) {
    const values = { job, after: last, limit: firstPage };
    const entries = await database.read(call, (connection) =>
      connection
        .all<Row>(sql.journal, values)
        .map(({ seq, at, type, data }): JournalEntry => ({ seq, at, type, data: parseJson(data) })),
    );
    for (const entry of entries) {
      call?.signal?.throwIfAborted();
      yield entry;
    }
    last = entries.at(-1)?.seq ?? last;
    if (entries.length < firstPage) return;
  }
}

/** The way that leads past the fewest lines. With phases it is gone once for each. */
function wayOf(query: JobQuery): {
  readonly index: Exclude<keyof typeof sql, 'journal'>;
  readonly phases: readonly JobPhase[] | null;
} {
  if (query.dedupeKey !== undefined) return { index: 'key', phases: null };
  if (query.idPrefix !== undefined && query.idPrefix !== '') return { index: 'prefix', phases: null };
  if (query.issueKey !== undefined) return { index: 'issue', phases: null };
  if (query.updatedAfter !== undefined) return { index: 'update', phases: null };
  if (query.phases)
    return { index: query.project === undefined ? 'phase' : 'projectPhase', phases: [...new Set(query.phases)] };
  return { index: query.project === undefined ? 'all' : 'project', phases: null };
}

function valuesOf(query: JobQuery): Values {
  const prefix = query.idPrefix || null;
  return {
    project: query.project ?? null,
    phases: query.phases ? JSON.stringify(query.phases) : null,
    key: query.dedupeKey ?? null,
    issue: query.issueKey ?? null,
    from: prefix,
    // Behind all that begin with the prefix.
    to: prefix && `${prefix}\u{10ffff}`,
    after: query.updatedAfter ?? null,
  };
}

function merge(lists: readonly (readonly JobRow[])[]): readonly JobRow[] {
  return lists.flat().sort((left, right) => right.number - left.number);
}
