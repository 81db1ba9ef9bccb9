import { BatonError, type CallOptions, type RefClaim, type Runtime } from '@baton/core';
import type { Project } from '../project/project.js';
import { claimRefFor, claimRefs } from './issue-claim.js';

/** What is asked, and when. */
interface ClaimPorts {
  readonly project: Pick<Project, 'forge' | 'workspaces'>;
  readonly runtime: Pick<Runtime, 'clock'>;
}

/** A claim that is not over, and the ref that it stands at. */
export type StandingClaim = RefClaim & { readonly ref: string };

/** The refs of all claims on a project's remote, over or not. */
export async function listClaimRefs(
  { forge, workspaces }: ClaimPorts['project'],
  options: CallOptions = {},
): Promise<ReadonlySet<string>> {
  const remote = await forge.remote(options);
  const found = await workspaces.listRefs?.({ repository: forge.repository, remote, prefix: claimRefs }, options);
  return new Set(found?.keys());
}

/** Who has an issue among daemons that share no store. Null: nobody, or nobody any more. */
export async function readStandingClaim(
  ports: ClaimPorts,
  refs: ReadonlySet<string>,
  dedupeKey: string,
  options: CallOptions = {},
): Promise<RefClaim | null> {
  const ref = claimRefFor(dedupeKey);
  return refs.has(ref) ? readClaimAt(ports, ref, options) : null;
}

/** The claim of a daemon on another store that has an issue. `owner`: who asks. Null: one that has no name yet, and no claim. */
export async function findOthersClaim(
  { owner, ...ports }: ClaimPorts & { readonly owner: string | null },
  dedupeKey: string,
  options: CallOptions = {},
): Promise<StandingClaim | null> {
  const ref = claimRefFor(dedupeKey);
  const claim = await readClaimAt(ports, ref, options).catch((error: unknown) => {
    // In a repository that isn't there nothing is claimed.
    if (BatonError.is(error, 'NOT_FOUND')) return null;
    throw error;
  });
  return claim === null || claim.owner === owner ? null : { ...claim, ref };
}

/** Each claim is read by itself: so many are. */
const mostRead = 100;

/** Which issues of a project's remote daemons on other stores have. `owner`: who asks. Reads at most a hundred claims. */
export async function listOtherClaims(
  ports: ClaimPorts & { readonly owner: string },
  options: CallOptions = {},
): Promise<readonly StandingClaim[]> {
  const claims: StandingClaim[] = [];
  for (const ref of [...(await listClaimRefs(ports.project, options))].slice(0, mostRead)) {
    const claim = await readClaimAt(ports, ref, options);
    if (claim !== null && claim.owner !== ports.owner) claims.push({ ...claim, ref });
  }
  return claims;
}

async function readClaimAt(
  { project: { forge, workspaces }, runtime }: ClaimPorts,
  ref: string,
  options: CallOptions,
): Promise<RefClaim | null> {
  const remote = await forge.remote(options);
  const claim = await workspaces.readClaim?.({ repository: forge.repository, remote, ref }, options);
  return claim && claim.until > runtime.clock.now() ? claim : null;
}
