import { BatonError, type GitRemote, type Instant, isEnded, messageOf, type RefClaim } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import { contentHash } from '../text/content-hash.js';

/**
 * How long a claim stands without a sign of life. A daemon that is down for longer is taken to have gone, and another
 * one works the issue.
 */
const claimMs = 6 * 60 * 60_000;
/** Prolonged when so much of it is left. */
const renewMs = 5 * 60 * 60_000;

/** That the issue is ours among daemons that share no store, or whose it is. */
export type ClaimAnswer =
  /** `until`: null where the remote takes no claims. */
  | { readonly kind: 'ours'; readonly until: Instant | null }
  | { readonly kind: 'theirs'; readonly owner: string; readonly reason: string };

/** Claims a job's issue on its repository's remote, or prolongs the claim. Asks nothing while the claim is fresh. */
export async function claimIssueRef(context: StepContext): Promise<ClaimAnswer> {
  const { project, settings, runtime, signal } = context;
  const { data } = context.job();
  const now = runtime.clock.now();
  if (data.claimedUntil !== null && data.claimedUntil - now > renewMs) {
    return { kind: 'ours', until: data.claimedUntil };
  }
  const { claimRef } = project.workspaces;
  if (claimRef === undefined) return { kind: 'ours', until: null };
  const until = now + claimMs;
  try {
    const remote = await project.forge.remote({ signal });
    const request = { ...refOf(context), remote, owner: settings.owner, until };
    const claim = await claimRef(request, { signal });
    if (claim === null) return { kind: 'ours', until };
    return { kind: 'theirs', owner: claim.owner, reason: describeClaim(claim, remote, request.ref) };
  } catch (error) {
    // What isn't there is told by the step that needs it.
    if (BatonError.is(error, 'NOT_FOUND')) return { kind: 'ours', until: null };
    // A host that lets nobody write such refs has no second daemon to tell.
    if (!BatonError.is(error, 'PERMISSION_DENIED')) throw error;
    const message = `${project.name}: other daemons can't be told that an issue is worked here: ${error.message}`;
    context.emit({ type: 'log', at: now, level: 'warn', message, jobId: context.job().id });
    return { kind: 'ours', until: null };
  }
}

/**
 * Lets others work the issue, also where the answer to the claim was lost and nobody knows that it stands. What can't be
 * let go now is over by itself.
 */
export async function releaseIssueRef(context: StepContext): Promise<void> {
  const { project, settings, signal } = context;
  try {
    const remote = await project.forge.remote({ signal });
    await project.workspaces.releaseRef?.({ ...refOf(context), remote, owner: settings.owner }, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    const message = `The claim of an issue that has ended stands until it is over: ${messageOf(error)}`;
    context.emit({ type: 'log', at: context.runtime.clock.now(), level: 'warn', message, jobId: context.job().id });
  }
}

/**
 * For a worker that lost a job in the middle of a step: its claim may have come to the remote after another worker had
 * ended the job and let go of the issue. While the job is open that one has yet to let go, and does.
 */
export async function releaseLateClaim(context: StepContext): Promise<void> {
  const job = await context.store.get(context.job().id, { signal: context.signal });
  if (job !== null && isEnded(job.phase)) await releaseIssueRef(context);
}

/**
 * Who has an issue, until when, and what a person can do where that daemon is gone for good. Nobody but a person knows:
 * another machine or container may bear the same name, and have a directory there that isn't seen here.
 */
export function describeClaim({ owner, until }: RefClaim, { url }: Pick<GitRemote, 'url'>, ref: string): string {
  const at = new Date(until).toISOString();
  return `Another daemon, ${owner}, has claimed this issue until ${at}, and prolongs that while it works on it. If that daemon is gone for good, delete its claim: git push ${quoteForShell(url)} :${ref}`;
}

function quoteForShell(text: string): string {
  return /^[\w@%+=:,./~][\w@%+=:,./~-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** All claims of a remote stand below it. */
export const claimRefs = 'refs/baton/claims/';

/** By what an issue is claimed. */
export function claimRefFor(dedupeKey: string): string {
  return `${claimRefs}${contentHash(dedupeKey).slice(0, 32)}`;
}

function refOf(context: StepContext): { readonly repository: string; readonly ref: string } {
  const { repository } = context.project.forge;
  return { repository, ref: claimRefFor(context.job().dedupeKey) };
}
