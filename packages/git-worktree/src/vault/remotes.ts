import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallOptions, GitRemote, WorkspaceProvider } from '@baton/core';
import { BatonError } from '@baton/core';
import type { Git, GitAnswer } from '../git/git.js';
import { copyToBase } from './base-store.js';
import { forgetTags, packTags } from './base-tags.js';
import { baseStoreOf } from './layout.js';

/** What goes on between one vault and a remote. */
export interface Remotes {
  fetch(request: FetchRequest, options?: CallOptions): Promise<string>;
  /** The commit that a branch is at, brought in with its trees alone and without its history, where the other side can. */
  look(request: { readonly remote: GitRemote; readonly branch: string }, options?: CallOptions): Promise<string>;
  head(request: { readonly remote: GitRemote; readonly branch: string }, options?: CallOptions): Promise<string | null>;
  push(request: PushRequest, options?: CallOptions): Promise<void>;
}

/** As in `WorkspaceProvider.fetch`. */
export type FetchRequest = Omit<Parameters<WorkspaceProvider['fetch']>[0], 'repository'>;

/** As in `Workspace.push`. */
export interface PushRequest {
  /** The ref of the vault that keeps the commit once the remote has it. */
  readonly keptBy: string;
  readonly remote: GitRemote;
  readonly branch: string;
  readonly commit: string;
  readonly expected: string | null;
}

/** What was fetched stands below here: commits that a remote is known to have. */
export const remoteRefs = 'refs/baton/remote';

/** From where a remote is reached. */
export interface VaultPlace {
  readonly git: Git;
  readonly vault: string;
}

/** What a ref of a remote is at. Null: it isn't there. */
export async function lookUpRef(
  { git, vault }: VaultPlace,
  remote: GitRemote,
  ref: string,
  options?: CallOptions,
): Promise<string | null> {
  const argv = ['ls-remote', '--quiet', '--refs', '--', checkedUrl(remote), ref] as const;
  const { stdout } = await git({ argv, gitDir: vault, remote }, options);
  const line = stdout.split('\n').find((each) => each.split('\t')[1] === ref);
  return line?.split('\t')[0] ?? null;
}

/** The refs of a remote below a name, and what each is at. */
export async function listRefs(
  { git, vault }: VaultPlace,
  { remote, prefix }: { readonly remote: GitRemote; readonly prefix: string },
  options?: CallOptions,
): Promise<ReadonlyMap<string, string>> {
  checkedRef(prefix.replace(/\/$/, ''));
  // The star stands for slashes too (git-ls-remote(1)).
  const argv = ['ls-remote', '--quiet', '--refs', '--', checkedUrl(remote), `${prefix}*`] as const;
  const { stdout } = await git({ argv, gitDir: vault, remote }, options);
  const refs = stdout.split('\n').map((line) => line.split('\t'));
  return new Map(refs.flatMap(([id = '', ref = '']) => (ref.startsWith(prefix) ? [[ref, id] as const] : [])));
}

/**
 * Brings a ref of a remote to a commit, or with an empty one away, where it is at what is expected (null: not there).
 * `keptBy`: the ref of the vault that keeps the commit once the remote has it.
 */
export async function sendRef(
  { git, vault }: VaultPlace,
  to: {
    readonly remote: GitRemote;
    readonly ref: string;
    readonly commit: string;
    readonly expected: string | null;
    readonly keptBy?: string;
  },
  options?: CallOptions,
): Promise<void> {
  const { remote, ref, commit, expected, keptBy } = to;
  const url = checkedUrl(remote);
  // Of a remote by name git itself notes where the branch is once it was pushed.
  const named = { 'remote.baton.url': url, 'remote.baton.fetch': `${ref}:${keptBy}` };
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const argv = ['push', '--quiet', '--porcelain', '--no-verify', '--no-signed', '--no-follow-tags', lease] as const;
  const [where, settings] = keptBy === undefined ? [url, {}] : ['baton', named];
  await git({ argv: [...argv, '--', where, `${commit}:${ref}`], gitDir: vault, remote, settings }, options);
}

/** Reaches remotes from one vault. */
export function createRemotes(git: Git, vault: string): Remotes {
  const base = baseStoreOf(vault);
  const place = { git, vault };
  const lookUp = (remote: GitRemote, ref: string, options?: CallOptions): Promise<string | null> =>
    lookUpRef(place, remote, ref, options);
  const resolve = async (gitDir: string, ref: string, options?: CallOptions): Promise<string> => {
    const argv = ['rev-parse', '--verify', `${ref}^{commit}`] as const;
    return (await git({ argv, gitDir }, options)).stdout.trim();
  };
  /** What is there already of an earlier version, in which all that was fetched stood in the vault, needn't come again. */
  const beginBase = async (local: string, options?: CallOptions): Promise<void> => {
    const isBegun = await readdir(join(base, remoteRefs)).then(
      () => true,
      () => false,
    );
    if (isBegun || (await readLooseRef(vault, local)) === null) return;
    await copyToBase(git, vault, `${local}:${local}`, options);
  };
  return {
    async fetch({ remote, branch, readableBy = 'daemon' }, options) {
      const ref = fullRef(branch);
      const local = trackingRef(remote, ref);
      const isBase = readableBy === 'commands';
      if (isBase) await beginBase(local, options);
      const gitDir = isBase ? base : vault;
      const flags = ['--quiet', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules'];
      // Without a word about tags git brings those that point into what was fetched, as `git describe` needs them.
      const argv = [
        'fetch',
        ...flags,
        ...(isBase ? [] : ['--no-tags']),
        '--',
        checkedUrl(remote),
        `+${ref}:${local}`,
      ] as const;
      const bring = (): Promise<GitAnswer> => git({ argv, gitDir, remote }, options);
      const { stderr } = await bring().catch(async (error: unknown) => {
        // `v1/x` doesn't come in beside the `v1` that it took the place of.
        if (!isBase || !BatonError.is(error, 'CONFLICT') || !error.message.includes('refs/tags/')) throw error;
        await forgetTags(git, vault, options);
        return await bring();
      });
      if (isBase) await packTags(git, vault, options);
      if (/shallow roots are not allowed/i.test(stderr)) throw isShallow(remote);
      return (await readLooseRef(gitDir, local)) ?? (await resolve(gitDir, local, options));
    },
    async look({ remote, branch }, options) {
      const ref = fullRef(branch);
      const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--depth=1', '--filter=blob:none'] as const;
      const argv = ['fetch', ...flags, '--', checkedUrl(remote), `+${ref}:${trackingRef(remote, ref)}`] as const;
      await git({ argv, gitDir: vault, remote }, options);
      return await resolve(vault, trackingRef(remote, ref), options);
    },
    head: ({ remote, branch }, options) => lookUp(remote, fullRef(branch), options),
    async push({ remote, branch, commit, expected, keptBy }, options) {
      const ref = fullRef(branch);
      checkedId(commit);
      if (expected !== null) checkedId(expected);
      try {
        await sendRef(place, { remote, ref, commit, expected, keptBy }, options);
      } catch (error) {
        const isConflict = BatonError.is(error, 'CONFLICT');
        if (!isConflict && !BatonError.is(error, 'UNAVAILABLE')) throw error;
        // The answer may have been lost after the push was done: now, or before a crash.
        const actual = await lookUp(remote, ref, options).catch((failure: unknown) => {
          throw isConflict ? failure : error;
        });
        if (actual !== commit) throw isConflict ? conflict(error, expected, actual) : error;
        await git({ argv: ['update-ref', keptBy, commit], gitDir: vault }, options);
      }
    },
  };
}

/** The environment by which a commit gets exactly this author and committer. */
export function identity(name: string, email: string, at: number): Readonly<Record<string, string>> {
  const date = `@${Math.floor(at / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

/** An object id as it came in, or `NOT_FOUND`: nothing else may become an argument. */
export function checkedId(id: string): string {
  if (/^[0-9a-f]{40}$/.test(id)) return id;
  throw new BatonError('NOT_FOUND', `${JSON.stringify(id)} is no object id.`, {
    details: { resource: id },
    adapter: 'git-worktree',
  });
}

function checkedUrl(remote: GitRemote): string {
  const { url } = remote;
  const bearsSecret = /^https?:\/\/[^/]*@/i.test(url);
  if (url === '' || url.startsWith('-') || bearsSecret || url.includes('\n')) {
    const shown = bearsSecret
      ? 'The address of a remote holds credentials'
      : `${JSON.stringify(url)} is no address of a remote`;
    throw new BatonError('CONFIG_INVALID', `${shown}.`, {
      details: { setting: 'remote' },
      adapter: 'git-worktree',
      fix: 'Name the repository by an address without credentials; they come from the environment.',
    });
  }
  return url;
}

/** The full name of a branch, or `NOT_FOUND` where it can't be one. */
export function fullRef(branch: string): string {
  if (branch.startsWith('-')) throw badName(branch);
  return checkedName(`refs/heads/${branch}`);
}

/** The name of a ref in full, or `NOT_FOUND`. */
export function checkedRef(ref: string): string {
  if (!ref.startsWith('refs/')) throw badName(ref);
  return checkedName(ref);
}

/** See git-check-ref-format(1). */
function checkedName(ref: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a ref must not hold.
  const bad = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$/;
  if (bad.test(ref)) throw badName(ref);
  return ref;
}

function badName(name: string): BatonError {
  return new BatonError('NOT_FOUND', `${JSON.stringify(name)} can't be the name of a branch.`, {
    details: { resource: name },
    adapter: 'git-worktree',
  });
}

/** That a history was cut off. Git refuses its branches with a warning and no error, so that what was fetched before would pass for the head. */
export function isShallow({ url }: GitRemote): BatonError<'CAPABILITY_UNSUPPORTED'> {
  return new BatonError('CAPABILITY_UNSUPPORTED', `The repository at ${url} is shallow: its history was cut off.`, {
    details: { capability: 'shallow repositories' },
    adapter: 'git-worktree',
    fix: 'Run `git fetch --unshallow` there, or name the repository that it was cloned from.',
  });
}

/** What a ref was last set to, if it has a file of its own (gitrepository-layout(5)), which outranks any packed one. */
async function readLooseRef(vault: string, ref: string): Promise<string | null> {
  const text = await readFile(join(vault, ref), 'utf8').catch(() => '');
  return /^[0-9a-f]{40}$/.test(text.trim()) ? text.trim() : null;
}

/** One name per remote ref, flat, so that `a` and `a/b` don't get in one another's way. */
function trackingRef(remote: GitRemote, ref: string): string {
  return `${remoteRefs}/${createHash('sha1').update(`${remote.url}\n${ref}`).digest('hex')}`;
}

function conflict(cause: BatonError, expected: string | null, actual: string | null): BatonError {
  return new BatonError('CONFLICT', cause.message, {
    details: { ...(expected === null ? {} : { expected }), ...(actual === null ? {} : { actual }) },
    adapter: 'git-worktree',
    ...(cause.fix === undefined ? {} : { fix: cause.fix }),
    cause,
  });
}
