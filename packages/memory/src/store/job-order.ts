import type { Job, JobQuery } from '@baton/core';

/** Whether the one is claimed before the other: projects take turns, then by priority, then the older issue. */
export function goesBefore(a: Job, b: Job, served: ReadonlyMap<string, number>): boolean {
  if (a.project !== b.project) {
    const turn = (served.get(a.project) ?? 0) - (served.get(b.project) ?? 0);
    return turn === 0 ? a.project < b.project : turn < 0;
  }
  const last = Number.POSITIVE_INFINITY;
  const [first, second] = [a.priority ?? last, b.priority ?? last];
  if (first !== second) return first < second;
  return a.issueCreatedAt === b.issueCreatedAt ? a.sequence < b.sequence : a.issueCreatedAt < b.issueCreatedAt;
}

/** Whether a job is among those that are asked for. */
export function matchesQuery(job: Job, query: JobQuery): boolean {
  return (
    (query.project === undefined || job.project === query.project) &&
    (query.phases === undefined || query.phases.includes(job.phase)) &&
    (query.dedupeKey === undefined || job.dedupeKey === query.dedupeKey) &&
    (query.idPrefix === undefined || job.id.startsWith(query.idPrefix)) &&
    (query.issueKey === undefined || job.issueKey === query.issueKey) &&
    (query.updatedAfter === undefined || job.updatedAt > query.updatedAfter)
  );
}
