import { BatonError, type Clock, type GitRemote, type RefClaim, type WorkspaceProvider } from '@baton/core';
import type { MemoryRemote } from './remote.js';

/** What a workspace provider does with refs of a remote that are no branches. */
export type RemoteRefs = Required<Pick<WorkspaceProvider, 'listRefs' | 'readClaim' | 'claimRef' | 'releaseRef'>>;

const dayMs = 24 * 60 * 60_000;

/** Claims, and the refs of remotes in memory. */
export function createRemoteRefs(remoteAt: (remote: GitRemote) => MemoryRemote, clock: Clock): RemoteRefs {
  return {
    async listRefs({ remote: { url }, prefix }, call) {
      call?.signal?.throwIfAborted();
      const { branches, refs } = remoteAt({ url });
      if (!prefix.startsWith('refs/')) {
        throw new BatonError('NOT_FOUND', `${JSON.stringify(prefix)} is no name of refs.`, {
          details: { resource: prefix },
        });
      }
      const all = [...[...branches].map(([name, commit]) => [`refs/heads/${name}`, commit] as const), ...refs];
      return new Map(all.filter(([name]) => name.startsWith(prefix)));
    },
    async readClaim({ remote: { url }, ref }, call) {
      call?.signal?.throwIfAborted();
      return claimAt(remoteAt({ url }), ref);
    },
    async claimRef(request, call) {
      call?.signal?.throwIfAborted();
      const remote = remoteAt(request.remote);
      const held = claimAt(remote, request.ref);
      const { ref, owner, until } = request;
      const counts = held !== null && held.until > clock.now() && held.until <= until + dayMs;
      if (counts && held.owner !== owner) return held;
      const message = JSON.stringify({ owner, until });
      remote.refs.set(ref, remote.addCommit({ tree: remote.addTree(new Map()), parents: [], message }));
      return null;
    },
    async releaseRef({ remote: { url }, ref, owner }, call) {
      call?.signal?.throwIfAborted();
      const remote = remoteAt({ url });
      if (claimAt(remote, ref)?.owner === owner) remote.refs.delete(ref);
    },
  };
}

function claimAt(remote: MemoryRemote, ref: string): RefClaim | null {
  const message = remote.commits.get(remote.refs.get(ref) ?? '')?.message;
  // Only `claimRef` writes below these names.
  return message === undefined ? null : (JSON.parse(message) as RefClaim);
}
