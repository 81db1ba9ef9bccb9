import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Diagnosis, type GitRemote, type Instant, messageOf, plural } from '@baton/core';
import { listOtherClaims, type Project, type StandingClaim } from '@baton/engine';
import type { Session } from '../wire/open-session.js';

/** What is known of the daemon that claims are of. */
export interface ClaimPlace {
  readonly host: string;
  /** Whether something stands at a path of this machine. */
  readonly isThere: (path: string) => boolean;
}

/**
 * A line for each daemon on another store that has issues of a project. One whose state isn't on this machine any more
 * is a warning and no more: a machine or container that bears the same name may have it.
 */
export function describeClaims(
  claims: readonly StandingClaim[],
  { url }: Pick<GitRemote, 'url'>,
  { host, isThere }: ClaimPlace,
): readonly Diagnosis[] {
  return [...Map.groupBy(claims, ({ owner }) => owner)].map(([owner, held]) => {
    const until = new Date(held.reduce<Instant>((last, claim) => Math.max(last, claim.until), 0)).toISOString();
    const has = `${owner} has ${plural(held.length, 'issue')} of it, until ${until} at the latest`;
    const state = owner.startsWith(`${host}:`) ? owner.slice(host.length + 1) : null;
    if (state === null || isThere(state)) {
      return { check: 'claims', ok: true, detail: `${has}; they wait for that daemon here`, fix: null };
    }
    const refs = held.map(({ ref }) => `:${ref}`).join(' ');
    return {
      check: 'claims',
      ok: false,
      detail: `${has}, and its state isn't on this machine`,
      fix: `if no other machine or container is called ${host}, that daemon is gone: delete its claims: git push ${url} ${refs}`,
    };
  });
}

/** What daemons on other stores have of a project's issues. */
export async function* checkClaims(project: Project, session: Session, signal: AbortSignal): AsyncGenerator<Diagnosis> {
  try {
    const ports = { project, runtime: session.services.runtime, owner: session.owner };
    const claims = await listOtherClaims(ports, { signal });
    if (claims.length === 0) return;
    yield* describeClaims(claims, await project.forge.remote({ signal }), { host: hostname(), isThere: existsSync });
  } catch (error) {
    signal.throwIfAborted();
    const fix = 'look whether refs of the remote can be read';
    yield { check: 'claims', ok: false, detail: `They could not be read: ${messageOf(error)}`, fix };
  }
}
