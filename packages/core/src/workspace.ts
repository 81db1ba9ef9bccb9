import type { Adapter, CallOptions, Diagnosis } from './adapter.js';
import type { Command, CommandResult, RunningCommand } from './command.js';
import type { Instant } from './runtime.js';
import type { SandboxPolicy } from './sandbox.js';

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
   * overwrites what it hasn't seen (G31). Pushing what is already there changes nothing. `PERMISSION_DENIED` tells by
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

/** What `open` is asked for. */
export interface WorkspaceRequest {
  /** Names the repository on this machine: two requests with the same name share their objects. */
  readonly repository: string;
  readonly key: WorkspaceKey;
  readonly baseCommit: string;
  /** What commands in the checkout may reach beside the checkout itself. */
  readonly sandbox: Omit<SandboxPolicy, 'root' | 'writable'>;
}

/** How `WorkspaceProvider.remove` goes about it. */
export interface RemoveOptions extends CallOptions {
  /**
   * What becomes of a workspace whose work can't be rescued: it is kept (the default), or it goes all the same and its
   * work with it, for want of room. With `discard` the room is free again when `remove` resolves.
   */
  readonly unrescued?: 'keep' | 'discard';
}

/** Makes checkouts, keeps them apart, and loses nothing that was done in one. */
export interface WorkspaceProvider extends Adapter<'workspace/1'> {
  /**
   * Brings a branch of the remote in; the commit it is at. `NOT_FOUND` where the remote has no such branch
   * (an empty repository has none), `AUTH_FAILED`, `UNAVAILABLE` where it can't be reached, `CAPABILITY_UNSUPPORTED`
   * where the repository is of a kind that can't be worked.
   */
  fetch(
    request: {
      readonly repository: string;
      readonly remote: GitRemote;
      readonly branch: string;
      /**
       * Who may read its history from then on. `commands`: those in every checkout of the repository, as of a branch
       * that jobs start from. `daemon`: nobody but the daemon, as of the branch of one job. Default `daemon`.
       */
      readonly readableBy?: 'commands' | 'daemon';
    },
    options?: CallOptions,
  ): Promise<string>;
  /**
   * A file of a commit that `fetch` has brought in, as git holds it, whatever stands in any checkout. Null where the
   * commit has nothing of that path: whoever goes by what the file says must not take anything else for its absence,
   * so what is there and can't be had is told. `TOO_LARGE` where it is longer than `maxBytes`, before it is read;
   * `UNREADABLE` where it is no regular file (a link, a directory, a nested repository) or no UTF-8 text;
   * `NOT_FOUND` where there is no such commit here.
   */
  readText(
    request: {
      readonly repository: string;
      readonly commit: string;
      /** Relative to the root, with slashes. Compared byte by byte. */
      readonly path: string;
      readonly maxBytes: number;
    },
    options?: CallOptions,
  ): Promise<string | null>;
  /**
   * Creates, or finds again after a crash, the workspace of this key, at the base commit and ready for work:
   * its setup was run. A setup that fails is `COMMAND_FAILED`, one that hangs `TIMEOUT`.
   *
   * Where commands find git at all, they can read the history of the base commit, with the tags that point into it,
   * and nothing of any other job: no commit, no rescued work, no ref. What they change of that git (configuration,
   * hooks, commits) is never heeded by the daemon, and goes with the checkout.
   *
   * What an earlier use left running in it is ended first, whoever began it here or in a process that died.
   * `UNAVAILABLE` while another living process runs a command in it: nobody works beside another.
   */
  open(request: WorkspaceRequest, options?: CallOptions): Promise<Workspace>;
  /** Every workspace on disk, so that strays can be swept. */
  list(options?: CallOptions): AsyncIterable<{ readonly key: WorkspaceKey; readonly usedAt: Instant }>;
  /**
   * Rescues what was not pushed, then removes. The ref under which it is kept, or null where there was nothing
   * to keep. The same again when it is already gone; a workspace that can't be read, or holds more than can be
   * rescued, is kept (G12).
   */
  remove(key: WorkspaceKey, options?: RemoveOptions): Promise<string | null>;
  /**
   * Bytes of disk that commands of a job take in all of its workspaces: what they wrote since these were set up, or
   * made new, and is still there. As far as it can be seen. Absent where nobody can tell.
   */
  measureGrowth?(job: string, options?: CallOptions): Promise<number>;
  /**
   * For `baton doctor`: whether jobs can start from a branch of a remote, before one tries. One line that is `ok`, or
   * one for each thing that would stop every job. Reads no more of the remote than it takes, and keeps nothing.
   */
  diagnoseRemote?(
    request: { readonly remote: GitRemote; readonly branch: string },
    options?: CallOptions,
  ): AsyncIterable<Diagnosis>;
  /**
   * What a branch of the remote has beyond another one, so that work of a life that was forgotten can be gone on with:
   * its base can be opened, and its trees loaded. Null where it isn't there, or shares nothing with the other. Absent
   * where branches can't be looked into.
   */
  readBranch?(
    request: {
      readonly repository: string;
      readonly remote: GitRemote;
      readonly branch: string;
      readonly onto: string;
    },
    options?: CallOptions,
  ): Promise<BranchHistory | null>;
  /**
   * The refs of the remote whose full names begin with `prefix`, such as `refs/heads/baton/`, and what each is at.
   * Absent where they can't be listed.
   */
  listRefs?(
    request: { readonly repository: string; readonly remote: GitRemote; readonly prefix: string },
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, string>>;
  /**
   * Claims a ref of the remote until an instant, for daemons that share no store: null where it is the owner's now,
   * else the claim of whoever has it. One's own is prolonged; one that is over, that can't be read, or that ends more
   * than a day after the one that is asked for is taken over: whoever may push can write one, and no daemon asks for so
   * long. Of several who claim at once one gets it. Instants are of each daemon's own clock. `PERMISSION_DENIED` where the
   * remote takes no such refs. Absent, with `readClaim` and `releaseRef`, where there is no such thing.
   */
  claimRef?(
    request: RefClaim & { readonly repository: string; readonly remote: GitRemote; readonly ref: string },
    options?: CallOptions,
  ): Promise<RefClaim | null>;
  /** Who has claimed such a ref, be the claim over or not; nothing is changed. Null where nobody has, or it can't be read. */
  readClaim?(
    request: { readonly repository: string; readonly remote: GitRemote; readonly ref: string },
    options?: CallOptions,
  ): Promise<RefClaim | null>;
  /** Takes the ref away where it is this owner's. Nothing happens where it isn't, or isn't there. */
  releaseRef?(
    request: Pick<RefClaim, 'owner'> & {
      readonly repository: string;
      readonly remote: GitRemote;
      readonly ref: string;
    },
    options?: CallOptions,
  ): Promise<void>;
}

/** What a branch has beyond the one that it left. */
export interface BranchHistory {
  /** The newest commit that both have. */
  readonly base: { readonly commit: string; readonly tree: string };
  /** Newest first, by first parents; of more than 100 the newest. */
  readonly commits: readonly {
    readonly id: string;
    readonly tree: string;
    readonly message: string;
    /**
     * It merges the other branch in, and holds what git makes of both by itself, as after a host's button that brings a
     * branch up to date: nobody's work is in it. Absent where it isn't so.
     */
    readonly isUpdate?: true;
  }[];
}

/** That a daemon works something, told to others that share no store with it. */
export interface RefClaim {
  /** The same for every process on one store, and for nobody else. On one line. */
  readonly owner: string;
  readonly until: Instant;
}
