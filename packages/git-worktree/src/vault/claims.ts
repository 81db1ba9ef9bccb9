import type { CallOptions, GitRemote, RefClaim, Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import type { Git } from '../git/git.js';
import type { Signer } from '../git/signing.js';
import { readClaim, writeClaim } from './claim-message.js';
import { checkedRef, identity, lookUpRef, sendRef } from './remotes.js';

/** A ref on a remote by which one daemon tells the others that it works something. */
export interface Claims {
  claim(request: ClaimRequest, options?: CallOptions): Promise<RefClaim | null>;
  read(request: Pick<ClaimRequest, 'remote' | 'ref'>, options?: CallOptions): Promise<RefClaim | null>;
  release(request: Pick<ClaimRequest, 'remote' | 'ref' | 'owner'>, options?: CallOptions): Promise<void>;
}

interface ClaimRequest extends RefClaim {
  readonly remote: GitRemote;
  readonly ref: string;
}

/** Clocks of daemons differ by less: what ends later than ours by more than this is no claim of a daemon's. */
const mostBeyondMs = 24 * 60 * 60_000;

/** Claims by refs, from one vault. A claim is a commit without a tree's content or a parent; its message says whose. */
export function createClaims(git: Git, vault: string, signer: Signer, { clock, id, random }: Runtime): Claims {
  const place = { git, vault };
  /** What a claim says. */
  const read = async (remote: GitRemote, ref: string, options?: CallOptions): Promise<RefClaim | null> => {
    // A name of its own: others may read the same claim at the same time.
    const local = `refs/baton/seen-claims/${id('claim')}`;
    const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'] as const;
    await git({ argv: ['fetch', ...flags, '--', remote.url, `+${ref}:${local}`], gitDir: vault, remote }, options);
    const { stdout } = await git(
      { argv: ['log', '-1', '--format=%B', '--end-of-options', local], gitDir: vault },
      options,
    );
    await git({ argv: ['update-ref', '-d', local], gitDir: vault }, options);
    return readClaim(stdout);
  };
  const make = async (claim: RefClaim, options?: CallOptions): Promise<string> => {
    const hash = ['hash-object', '-t', 'tree', '-w', '--no-filters', '--', '/dev/null'] as const;
    const tree = await git({ argv: hash, gitDir: vault }, options);
    const nonce = `${id('claim')}${Math.floor(random() * 2 ** 48).toString(36)}`;
    const input = writeClaim(claim, nonce);
    const env = identity('Baton', 'baton@localhost', clock.now());
    const argv = ['commit-tree', tree.stdout.trim(), '-F', '-'] as const;
    const { stdout } = await signer.commit(git, { argv, gitDir: vault, input, env }, options);
    return stdout.trim();
  };
  return {
    async claim({ remote, ref, owner, until }, options) {
      checkedRef(ref);
      const there = await lookUpRef(place, remote, ref, options);
      const held = there === null ? null : await read(remote, ref, options);
      const counts = held !== null && held.until > clock.now() && held.until <= until + mostBeyondMs;
      if (counts && held.owner !== owner) return held;
      const ours = await make({ owner, until }, options);
      try {
        await sendRef(place, { remote, ref, commit: ours, expected: there }, options);
        return null;
      } catch (error) {
        if (!BatonError.is(error, 'CONFLICT') && !BatonError.is(error, 'UNAVAILABLE')) throw error;
        const now = await lookUpRef(place, remote, ref, options);
        if (now === ours) return null;
        if (now === there) throw error;
        const theirs = now === null ? null : await read(remote, ref, options);
        if (theirs === null) throw error;
        return theirs.owner === owner ? null : theirs;
      }
    },
    async read({ remote, ref }, options) {
      checkedRef(ref);
      return (await lookUpRef(place, remote, ref, options)) === null ? null : await read(remote, ref, options);
    },
    async release({ remote, ref, owner }, options) {
      checkedRef(ref);
      const there = await lookUpRef(place, remote, ref, options);
      if (there === null || (await read(remote, ref, options))?.owner !== owner) return;
      await sendRef(place, { remote, ref, commit: '', expected: there }, options);
    },
  };
}
