import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { startDeadline } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type Clock } from '@baton/core';
import type { GitEnvironment } from './environment.js';
import type { Git, GitAnswer, GitCommand } from './git.js';

/** By which key commits that go to a remote are signed. The key stays where it is: git's own programs read it. */
export interface SigningSettings {
  readonly format: 'ssh' | 'openpgp';
  /**
   * With `ssh` a file, absolute: the private key, or the public one of a key that an ssh agent holds. With `openpgp` the
   * fingerprint of a secret key in the GnuPG of the user that runs Baton.
   */
  readonly key: string;
}

/** Makes the commits that go to a remote. */
export interface Signer {
  /** Tells keys apart, fit for a ref: what is alike but for its signer are two commits. Null: nothing is signed. */
  readonly id: string | null;
  /**
   * Runs a `git commit-tree`, so that it signs where a key is configured. `CONFIG_INVALID` where the key can't sign:
   * what is to be signed is never made unsigned.
   */
  commit(git: Git, command: GitCommand, options?: CallOptions): Promise<GitAnswer>;
  /** `CONFIG_INVALID` where the key lies in what commands may read: whoever writes the code could sign as well. */
  refuseReadable(readable: readonly string[]): Promise<void>;
}

const unsigned: Signer = {
  id: null,
  commit: (git, command, options) => git(command, options),
  refuseReadable: async () => undefined,
};

/** No configuration file is asked how to sign: program and key are told with the one command. */
export function createSigner(
  settings: SigningSettings | undefined,
  { signing: environment }: GitEnvironment,
  clock: Clock,
): Signer {
  if (settings === undefined) return unsigned;
  const { format, key } = settings;
  const place = format === 'ssh' ? key : (environment['GNUPGHOME'] ?? join(environment['HOME'] ?? homedir(), '.gnupg'));
  return {
    id: createHash('sha1').update(`${format}\n${key}`).digest('hex').slice(0, 12),
    async commit(git, { argv: [verb, ...rest], settings: given, env, ...command }, options) {
      const signing: GitCommand = {
        ...command,
        argv: [verb, '-S', ...rest],
        settings: { ...given, ...programs, 'gpg.format': format, 'user.signingKey': key },
        env: { ...environment, ...unattended, ...env },
      };
      try {
        return await withinTime(clock, (bounded) => git(signing, bounded), options);
      } catch (error) {
        options?.signal?.throwIfAborted();
        if (!BatonError.is(error) || error.code !== 'COMMAND_FAILED') throw error;
        throw cannotSign(settings, await whyNot(settings, error.message), error);
      }
    },
    async refuseReadable(readable) {
      for (const each of readable) {
        if (!(await isBelow(each, place))) continue;
        throw new BatonError('CONFIG_INVALID', `The signing key is in ${each}, which commands of jobs may read.`, {
          details: { setting: 'workspace.signing' },
          adapter: 'git-worktree',
          fix: 'Move the key out of there, or take that directory out of sandbox.readable.',
        });
      }
    },
  };
}

const programs: Readonly<Record<string, string>> = {
  'gpg.program': 'gpg',
  'gpg.openpgp.program': 'gpg',
  'gpg.ssh.program': 'ssh-keygen',
};

/** Nobody is there to be asked for a passphrase: a key that has one is held by an agent. */
const unattended: Readonly<Record<string, string>> = {
  SSH_ASKPASS: '/bin/false',
  SSH_ASKPASS_REQUIRE: 'force',
};

/** A card that waits for a touch, or an agent that asks somebody. */
const longestMs = 60_000;

async function withinTime<T>(
  clock: Clock,
  task: (options: CallOptions) => Promise<T>,
  options: CallOptions | undefined,
): Promise<T> {
  using deadline = startDeadline(clock, longestMs, { reason: overdue, signal: options?.signal });
  return await task({ signal: deadline.signal });
}

function overdue(): BatonError<'COMMAND_FAILED'> {
  return new BatonError('COMMAND_FAILED', `nothing came within ${longestMs / 1000} s`, {
    details: { command: 'git commit-tree' },
    adapter: 'git-worktree',
  });
}

async function whyNot({ format, key }: SigningSettings, said: string): Promise<string> {
  if (format === 'ssh' && !key.endsWith('.pub')) {
    const found = await stat(key).catch(() => null);
    if (found === null) return 'there is no such file';
    // What ssh-keygen says of it begins with a banner.
    if ((found.mode & 0o077) !== 0) return 'others than its owner may read the file';
  }
  return said.replace(/^git commit-tree failed: /, '').replace(/\s*\?*\s*$/, '');
}

function cannotSign({ format, key }: SigningSettings, why: string, cause: unknown): BatonError<'CONFIG_INVALID'> {
  const fix =
    format === 'ssh'
      ? 'Let workspace.signing.key name a private key without a passphrase that its owner alone may read (chmod 600), or the .pub of one that the ssh agent in SSH_AUTH_SOCK holds; ssh-keygen must be in PATH.'
      : 'Let workspace.signing.key be the fingerprint of a secret key that `gpg --list-secret-keys` shows to the user that runs Baton, without a passphrase or with one that its agent holds; gpg must be in PATH.';
  return new BatonError('CONFIG_INVALID', `The commit was not made: it could not be signed with ${key} (${why}).`, {
    details: { setting: 'workspace.signing' },
    adapter: 'git-worktree',
    fix,
    cause,
  });
}

async function isBelow(directory: string, path: string): Promise<boolean> {
  const [outer, inner] = await Promise.all([directory, path].map((each) => realpath(each).catch(() => each)));
  return outer !== undefined && inner !== undefined && (inner === outer || inner.startsWith(join(outer, sep)));
}
