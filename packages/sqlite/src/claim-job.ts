import type { ClaimRequest, JobLease } from '@baton/core';
import type { Connection } from './connection.js';
import { freePlace, type JobRow, jobColumns, mapJob } from './job-row.js';
import type { Workers } from './workers.js';

interface Held {
  readonly id: string;
  readonly number: number;
  readonly project: string;
  readonly stay: number;
  readonly leased_until: number;
}

type Candidate = Pick<JobRow, 'number' | 'project' | 'priority' | 'issue_created_at'>;

const candidateColumns = 'number, project, priority, issue_created_at';

// `stay > 0` is `stay IS NOT NULL` in a form that SQLite answers by a range of the index.
const sql = {
  wake: `UPDATE jobs SET place = 'due' WHERE place = 'asleep' AND wake_at <= :now`,
  held: 'SELECT id, number, project, stay, leased_until FROM jobs WHERE stay > 0',
  lapsed: `SELECT ${candidateColumns} FROM jobs WHERE number = :number AND ${freePlace} = 'due'`,
  nextProject: `SELECT project FROM jobs WHERE place = 'due' AND project > :after ORDER BY project LIMIT 1`,
  served: 'SELECT served FROM turns WHERE project = :project',
  due: `SELECT ${candidateColumns} FROM jobs WHERE place = 'due' AND project = :project AND wake_at <= :now
    ORDER BY priority IS NULL, priority, issue_created_at, number LIMIT 1`,
  dueJob: `SELECT ${candidateColumns} FROM jobs WHERE id = :job AND place = 'due' AND wake_at <= :now`,
  lease: `UPDATE jobs SET place = 'held', stay = :stay, leased_until = :until, fence = fence + 1
    WHERE number = :number RETURNING ${jobColumns}`,
  serve: `INSERT INTO turns (project, served) VALUES (:project, (SELECT coalesce(max(served), 0) + 1 FROM turns))
    ON CONFLICT (project) DO UPDATE SET served = excluded.served`,
};

const noLimit = Number.POSITIVE_INFINITY;

/** Leases one job, by the rules of `JobStore.claim`. Runs inside a transaction. */
export function claimJob(
  connection: Connection,
  workers: Workers,
  request: ClaimRequest,
  now: number,
): JobLease | null {
  const stay = workers.stayOf(request.worker);
  const held = listHeld(connection, workers, now);
  const leased = held.filter((each) => each.stay === stay || each.leased_until > now);
  const { byProject, worker: ofWorker = noLimit, total = noLimit } = request.caps;
  if (leased.length >= total || leased.filter((each) => each.stay === stay).length >= ofWorker) return null;
  connection.run(sql.wake, { now });
  const taken = new Map<string, number>();
  for (const { project } of leased) taken.set(project, (taken.get(project) ?? 0) + 1);
  const hasRoom = (project: string): boolean =>
    Object.hasOwn(byProject, project) && (taken.get(project) ?? 0) < (byProject[project] ?? noLimit);
  const lapsed = held
    .filter((each) => !leased.includes(each) && hasRoom(each.project))
    .filter((each) => request.job === undefined || each.id === request.job)
    .flatMap(({ number }) => connection.all<Candidate>(sql.lapsed, { number, now }));
  const projects = new Set([...listDueProjects(connection), ...lapsed.map(({ project }) => project)]);
  for (const project of inTurn(connection, [...projects].filter(hasRoom))) {
    const due = listDue(connection, project, request.job, now);
    const [first] = [...due, ...lapsed.filter((each) => each.project === project)].sort(byPriorityAndAge);
    if (!first) continue;
    connection.run(sql.serve, { project });
    const until = now + request.leaseMs;
    const row = connection.get<JobRow>(sql.lease, { number: first.number, stay, until });
    return row && { job: mapJob(row), fence: row.fence };
  }
  return null;
}

/** The jobs that somebody holds, those of the dead having been let go. */
function listHeld(connection: Connection, workers: Workers, now: number): readonly Held[] {
  const held = connection.all<Held>(sql.held);
  const dead = new Set([...new Set(held.map(({ stay }) => stay))].filter((stay) => !workers.isAlive(stay)));
  for (const stay of dead) workers.leave(connection, stay, now);
  return held.filter(({ stay }) => !dead.has(stay));
}

/** The project's next due job, or the asked one where it is due and of this project. */
function listDue(connection: Connection, project: string, job: string | undefined, now: number): readonly Candidate[] {
  if (job === undefined) return connection.all<Candidate>(sql.due, { project, now });
  return connection.all<Candidate>(sql.dueJob, { job, now }).filter((each) => each.project === project);
}

/** One step in the index for each project, however many of its jobs are due. */
function listDueProjects(connection: Connection): readonly string[] {
  const projects: string[] = [];
  let next = connection.get<{ project: string }>(sql.nextProject, { after: '' });
  while (next) {
    projects.push(next.project);
    next = connection.get<{ project: string }>(sql.nextProject, { after: next.project });
  }
  return projects;
}

function inTurn(connection: Connection, projects: readonly string[]): readonly string[] {
  const served = new Map(
    projects.map((project) => [project, connection.get<{ served: number }>(sql.served, { project })?.served ?? 0]),
  );
  return projects.toSorted((a, b) => (served.get(a) ?? 0) - (served.get(b) ?? 0) || (a < b ? -1 : 1));
}

function byPriorityAndAge(left: Candidate, right: Candidate): number {
  const last = Number.POSITIVE_INFINITY;
  const [first, second] = [left.priority ?? last, right.priority ?? last];
  if (first !== second) return first < second ? -1 : 1;
  return left.issue_created_at - right.issue_created_at || left.number - right.number;
}
