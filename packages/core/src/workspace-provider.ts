import type { Adapter, CallOptions, Diagnosis } from './adapter.js';
import type { Instant } from './runtime.js';
import type { SandboxPolicy } from './sandbox.js';
import type { GitRemote, Workspace, WorkspaceKey } from './workspace.js';

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

/** Work that was kept since no remote had it. */
export interface RescuedWork {
  /** The name that `rescue`, `open` or `remove` kept it under, and that `restore` takes. */
  readonly ref: string;
  readonly job: string;
  readonly attempt: number;
}

/** Where kept work goes, and by whose hand. */
export interface RestoreRequest {
  /** As `RescuedWork.ref` has it. */
  readonly ref: string;
  /**
   * A repository of a person's, by what the provider reaches it by: of one on disk, the absolute path of a checkout, of
   * a directory in it, or of a bare repository.
   */
  readonly into: string;
  /** Is made at the commit that was kept. One that stands at it already, or at a commit before it, is taken. */
  readonly branch: string;
  /** Whether the repository's checkout changes to the branch. Where it doesn't, no file, no index and no HEAD changes. */
  readonly checkout: boolean;
  /** The variables of whoever asks: their own git does it, under their configuration, as if they had typed it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What `prune` is asked for. */
export interface PruneRequest {
  /**
   * Why work of a job is still needed, to stand behind "it holds work of j1, which": `is reviewing`. Null where it isn't:
   * the job has ended. Work of a job that nobody knows is needed: it may be another store's.
   */
  whyNeeded(job: string): Promise<string | null>;
  /** Says what would go, and removes nothing. */
  readonly dryRun: boolean;
}

/** A copy of a repository that a provider keeps on this machine, judged by what is in it. */
export interface JudgedCopy {
  /** Names it to people, and no two alike: its absolute path, where it has one. */
  readonly name: string;
  readonly usedAt: Instant;
  /** Why it stays, in words without an end: `it holds rescued work`. Null: it went, or with `dryRun` would have gone. */
  readonly keptFor: string | null;
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
   * What the newest commits say of themselves: the first paragraph of each message on one line, of a commit that
   * `fetch` has brought in and of those before it, the newest first, at most `most`. Merges are left out.
   * `NOT_FOUND` where there is no such commit here. Absent where history can't be read.
   */
  readSubjects?(
    request: { readonly repository: string; readonly commit: string; readonly most: number },
    options?: CallOptions,
  ): Promise<readonly string[]>;
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
   * rescued, is kept.
   */
  remove(key: WorkspaceKey, options?: RemoveOptions): Promise<string | null>;
  /**
   * All that was ever kept, of jobs that a store knows and of others, by job and attempt: the provider alone remembers
   * it where a store was lost. Looks at what stands there, and makes nothing. Absent where kept work can't be listed.
   */
  rescued?(options?: CallOptions): Promise<readonly RescuedWork[]>;
  /**
   * Brings kept work into a repository of a person's, as a branch; the commit that it is at. Null where nothing is kept
   * under that name here. What is kept stays kept, and the same again changes nothing.
   *
   * `NOT_FOUND` where `into` is no repository; `CONFLICT` where it has such a branch already that holds something else,
   * which stays as it is; `COMMAND_FAILED` with the last line of what git said where the rest fails, such as a checkout
   * that would write over what is being edited. Absent, with `rescued`, where kept work can't be brought back.
   */
  restore?(request: RestoreRequest, options?: CallOptions): Promise<string | null>;
  /**
   * Removes copies of repositories that nothing needs, each at one stroke: without a checkout, without rescued work,
   * without work of a job that is needed, and unused for as long as the provider deems right, since the next `fetch`
   * brings one in again. Every copy, judged. One that can't be read is kept. To be called while no other process works
   * on them. Absent where none are kept.
   */
  prune?(request: PruneRequest, options?: CallOptions): Promise<readonly JudgedCopy[]>;
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
