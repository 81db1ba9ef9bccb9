import type { Brief, CallOptions, Instant, Issue, JobStore } from '@baton/core';
import type { FoldedJob } from '../job/job-data.js';
import type { HandedOver, LastSeen } from '../job/last-seen.js';
import { outcomes } from '../job/outcomes.js';
import { hashRequest } from '../job/request-hash.js';
import type { Project } from '../project/project.js';
import { isTrusted, type KnownTrust, readTrust } from '../trust/trust.js';

/** Looks at an issue whose job ends: the hash of its text, and the rest. What can't be seen any more stands as it was seen before. */
export async function lookAtEnd(
  job: FoldedJob,
  { source, query }: Project,
  options: CallOptions,
): Promise<{ readonly requestHash: string; readonly seen: LastSeen }> {
  const { id } = job.data.issue;
  const issue = await source.get(id, options);
  const brief = issue && (await source.brief(id, query, options));
  return {
    requestHash: issue === null ? job.requestHash : hashRequest(issue),
    seen: { trigger: triggerOf(brief ?? job.data.brief), editedAt: lastEditAt(brief) },
  };
}

/**
 * The issue as it is now, where a person asked again after the job had ended: by handing it over once more, or by
 * changing its text. Else null. Read afresh, since a page of a list may be older than the end.
 */
export async function findAskedAgain(
  job: FoldedJob,
  { project, store }: { readonly project: Project; readonly store: JobStore },
  options: CallOptions,
): Promise<Issue | null> {
  const { source, query } = project;
  const { id } = job.data.issue;
  const brief = await source.brief(id, query, options);
  if (brief === null) return null;
  const trust = await readTrust({ project, store }, 'source', options);
  const wasAsked = isHandedOverAgain(job, brief, trust) || (await isReworded(job, brief, { project, trust }, options));
  return wasAsked ? source.get(id, options) : null;
}

function isHandedOverAgain(job: FoldedJob, { trigger }: Brief, trust: KnownTrust): boolean {
  const { actor, at } = trigger;
  // A stranger is a person too, and is told why not.
  if (actor.kind !== 'person' && !trust.botIds.has(actor.id)) return false;
  const { lastSeen, brief } = job.data;
  // A job that an earlier version ended before it was begun never said what it saw.
  if (lastSeen === null && brief === null) return job.outcome === 'untrusted';
  const seen = lastSeen === null ? triggerOf(brief) : lastSeen.trigger;
  return seen === null || at > seen.at || (at === seen.at && actor.id !== seen.actorId);
}

async function isReworded(
  job: FoldedJob,
  brief: Brief,
  { project, trust }: { readonly project: Project; readonly trust: KnownTrust },
  options: CallOptions,
): Promise<boolean> {
  if (job.outcome !== null && !outcomes[job.outcome].isReopenedByText) return false;
  const seenAt = job.data.lastSeen?.editedAt ?? null;
  const edits = brief.laterEdits.filter(({ field, at }) => field !== 'comment' && (seenAt === null || at > seenAt));
  if (edits.length === 0) return false;
  const issue = await project.source.get(job.data.issue.id, options);
  if (issue === null || hashRequest(issue) === job.requestHash) return false;
  for (const { actor } of edits) {
    // Where nobody can tell whose edit it is, dispatch asks a person.
    if (actor === null || isTrusted(actor, await project.source.permission(actor, options), trust)) return true;
  }
  return false;
}

function triggerOf(brief: Brief | null): HandedOver | null {
  return brief && { actorId: brief.trigger.actor.id, at: brief.trigger.at };
}

function lastEditAt(brief: Brief | null): Instant | null {
  const edits = brief?.laterEdits.filter(({ field }) => field !== 'comment').map(({ at }) => at) ?? [];
  return edits.length === 0 ? null : Math.max(...edits);
}
