import type { CallOptions } from './adapter.js';
import type { Command, CommandResult, RunningCommand } from './command.js';
import type { Instant } from './runtime.js';

/** Files and commands, nothing more. This is all that an agent or a gate is handed. */
export interface WorkspaceView {
  /** Absolute, as commands see it. */
  readonly root: string;
  /** A directory of this job outside the tree, never committed, kept over restarts: homes and configurations of agents. */
  readonly scratch: string;
  /** A non-zero exit resolves; only a command that could not start rejects. Nothing it began is left when it resolves. */
  exec(command: Command, options?: CallOptions): Promise<CommandResult>;
  /** For a long-lived child that talks over its pipes, such as a command-line agent. */
  spawn(command: Command, options?: CallOptions): Promise<RunningCommand>;
  /**
   * Null when there is no such file. Paths outside `root`, through symlinks too, reject with `PERMISSION_DENIED`;
   * more than a bound of the provider's, at least 16 MiB, with `TOO_LARGE`, before it is in memory. Takes paths as
   * `Change.path` gives them.
   */
  readFile(path: string, options?: CallOptions): Promise<Uint8Array | null>;
  /** Creates directories on the way. Never follows a symlink out of `root`. */
  writeFile(path: string, data: Uint8Array | string, options?: CallOptions): Promise<void>;
}

/**
 * A checkout of one tree that is made new before each run, so that what a run finds is the tree and what the
 * setup made, and never what another run left: files, processes or scratch.
 */
export interface VerifyCheckout extends WorkspaceView {
  /** `Workspace.renew` of its tree. To be called before each run: until the first, it holds nothing in particular. */
  renew(options?: CallOptions): Promise<void>;
  /** `Workspace.altered`. */
  altered(options?: CallOptions): Promise<readonly string[]>;
  /** `Workspace.restored`. */
  restored(options?: CallOptions): Promise<readonly string[]>;
  /** `Workspace.setupProducts`. */
  setupProducts(options?: CallOptions): Promise<SetupProducts>;
}

/** What a setup made that tells nothing of the tree which `renew` brought last. */
export interface SetupProducts {
  /**
   * What it made beside dependencies: no run sees it, since it may be made of the base's sources. Paths in order, that
   * of a directory for all below it. At most 100.
   */
  readonly unseen: readonly string[];
  /**
   * Files among the dependencies that are, by their name and byte for byte, one of the base that the tree changes or
   * takes away: a run may have read such a copy in place of the change. A directory where it holds most of what stands
   * in one of the base to which the tree adds: it lacks what is new. In order, at most 100.
   */
  readonly outdated: readonly OutdatedCopy[];
  /**
   * Whether the setup ran on the tree itself, since it asks for other dependencies than the base: code of the change may
   * have run in it, and have made what runs are measured with.
   */
  readonly ofChange: boolean;
}

/** A copy that a setup made of a file or directory of the base which is another by now. */
export interface OutdatedCopy {
  /** Where it lies, relative to the root. */
  readonly path: string;
  /** The file or directory of the base, relative to the root. */
  readonly of: string;
}

/** A short-lived way to reach a Git remote. Never stored, never put in Git configuration, a URL or an argument. */
export interface GitRemote {
  /** Any address that git takes, without credentials. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** One path that differs between the base and a tree. */
export interface Change {
  /**
   * Relative to the root, with slashes. A name is bytes to git and to Linux: where one isn't UTF-8, each byte that
   * doesn't decode stands as a lone surrogate, U+DC00 plus the byte (as in Python's PEP 383). No UTF-8 text holds
   * one, so every name has one path and every path one name; whatever shows a path to people escapes it.
   */
  readonly path: string;
  /** Where it was, with `renamed`. */
  readonly oldPath: string | null;
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  /** Git's modes, so that symlinks (120000) and nested repositories (160000) show. Null where there is no file. */
  readonly oldMode: string | null;
  readonly mode: string | null;
  /** Lines. Zero for binary files. */
  readonly added: number;
  readonly deleted: number;
  readonly binary: boolean;
  /** How long the content is in the tree, and was in the base. Zero where there is none, and for nested repositories. */
  readonly bytes: number;
  readonly oldBytes: number;
  /**
   * The filter (`filter=lfs`, `filter=git-crypt`) that `.gitattributes` of the tree or of the base sets for the path
   * where its content is new: Baton runs none, so what stands in the tree is what the filter would have replaced.
   * Null where there is none.
   */
  readonly filter: string | null;
  /**
   * Other paths by which programs read this file, and read it at `oldPath`, since symlinks of the base lead to it or
   * to a directory above: what is written to `docs/guide.md` is what `CLAUDE.md` says where that is a link. None by a
   * link to a directory that it lies in itself. At most 100. Absent: none.
   */
  readonly alsoAt?: readonly string[];
}

/** The identity of a checkout: the same key finds the same one again, in another process too. */
export interface WorkspaceKey {
  readonly job: string;
  readonly attempt: number;
  /** `work`: the agent writes here. `verify`: only the daemon does; checks run here. */
  readonly role: 'work' | 'verify';
}

/** What a commit is made of. Nothing else goes into it: no clock, no configuration of the machine. */
export interface CommitRequest {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Author and committer both. */
  readonly author: { readonly name: string; readonly email: string };
  readonly at: Instant;
}

/** One checkout of one repository, and what the daemon does with it. */
export interface Workspace extends WorkspaceView {
  readonly key: WorkspaceKey;
  readonly baseCommit: string;
  /** Whether `open` found it already there. */
  readonly reused: boolean;
  /**
   * The tree as it is now, untracked files included and ignored ones left out, as a Git tree id. A file that is,
   * byte for byte, what a checkout of the base gives is no change, whatever its attributes make of line endings.
   *
   * Rejects with `CONFLICT` while a command runs in it: what is measured must hold still. With `TOO_LARGE` where
   * there is more than the provider takes of bytes in a file or in all, of files, or of bytes in a name, and with
   * `UNREADABLE` where something can't be read: then nothing of it was taken, and the checkout stays as it is.
   */
  snapshot(options?: CallOptions): Promise<{ readonly tree: string; readonly changes: readonly Change[] }>;
  /**
   * Unified diff of a tree against `baseCommit`, binary files named only. The whole of it or none: rejects with
   * `TOO_LARGE` where it is longer than the provider holds in memory, since nobody may judge or scan half a diff.
   */
  diff(tree: string, options?: CallOptions): Promise<string>;
  /** Makes the checkout equal a tree of the same repository; ignored files (dependencies) stay, untracked ones go. */
  load(tree: string, options?: CallOptions): Promise<void>;
  /**
   * Makes a checkout of the role `verify` as a new one would be: exactly a tree of the same repository, what the
   * setup made of dependencies, an empty scratch directory. The setup's products are those of a run in which no code of an agent
   * took part, or, where the tree asks for other ones than the base (other lock files), of a run on that tree
   * without any network. `COMMAND_FAILED` where that setup fails, `CONFLICT` while a command runs in it.
   */
  renew(tree: string, options?: CallOptions): Promise<void>;
  /**
   * Tracked files that are not as the tree has them that `renew` or `load` brought last, in order: by content
   * and mode, whatever their timestamps say. At most 1,000.
   */
  altered(options?: CallOptions): Promise<readonly string[]>;
  /**
   * Tracked files that were written, replaced or given other rights since `renew` or `load`, and are again as the tree
   * has them, in order. Told by what a command can't set back, such as the change time of a file. At most 1,000.
   */
  restored(options?: CallOptions): Promise<readonly string[]>;
  /** What the setup made that tells nothing of the tree of the last `renew`; nothing where there is no setup. */
  setupProducts(options?: CallOptions): Promise<SetupProducts>;
  /**
   * A regular file of a tree as git holds it, decoded as UTF-8 with bytes that aren't replaced. Null where there
   * is none of that path, or one of more than 1 MiB.
   */
  textOf(tree: string, path: string, options?: CallOptions): Promise<string | null>;
  /** Every path of a tree as `Change.path` gives it, in no order: files, links and nested repositories, no directories. */
  pathsOf(tree: string, options?: CallOptions): Promise<readonly string[]>;
  /**
   * A tree of the same repository that is `tree`, but for these paths, which are as the tree `from` has them: content,
   * mode and kind; gone where it has none. What in `tree` stands in the way of one goes, such as a file where there was
   * a directory. Takes paths as `Change.path` gives them, and changes no checkout. `NOT_FOUND` where a tree isn't there.
   */
  compose(
    request: { readonly tree: string; readonly from: string; readonly paths: readonly string[] },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * The same request gives the same commit id, so a crash between committing and recording is harmless. Of a commit that
   * is signed the id is recorded before this resolves and holds until the workspace is removed: most signatures are
   * another each time. `CONFIG_INVALID` where it is to be signed and can't be: then none is made.
   */
  commit(request: CommitRequest, options?: CallOptions): Promise<string>;
  /** The commit that the branch is at on the remote, or null. */
  remoteHead(
    request: { readonly remote: GitRemote; readonly branch: string },
    options?: CallOptions,
  ): Promise<string | null>;
  /**
   * Fails with `CONFLICT` where the remote branch is not at `expected` (null: where it exists). Never
   * overwrites what it hasn't seen. Pushing what is already there changes nothing. `PERMISSION_DENIED` tells by
   * `declined` where a rule or hook of the remote turned it away.
   */
  push(
    request: {
      readonly remote: GitRemote;
      readonly branch: string;
      readonly commit: string;
      readonly expected: string | null;
    },
    options?: CallOptions,
  ): Promise<void>;
  /**
   * Keeps the tree as it is under `refs/baton/rescue/<job>/<attempt>`; its name, or null where there was nothing to
   * keep. `TOO_LARGE` and `UNREADABLE` as with `snapshot`: then the checkout itself is what keeps the work.
   */
  rescue(options?: CallOptions): Promise<string | null>;
  /**
   * Before a person is told where the checkout is: what stands at its root for the person's own git to heed
   * (configuration, hooks) is what the provider makes, whatever commands made of it. Files stay as they are, and `HEAD`
   * is at the base. `CONFLICT` while a command runs in it. Absent where commands change nothing of the kind.
   */
  handOver?(options?: CallOptions): Promise<void>;
}
