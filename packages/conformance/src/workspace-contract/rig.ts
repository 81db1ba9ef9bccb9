import type { Command, GitRemote, Workspace, WorkspaceProvider } from '@baton/core';
import type { Rig } from '../contract.js';

/** What the branch `main` of a rig's remote holds: one commit of these files. */
export const workspaceFixture: Readonly<Record<string, string>> = {
  '.gitignore': 'ignored/\n*.log\n',
  'README.md': 'hello\n',
  'src/a.txt': 'one\ntwo\nthree\n',
  'src/b.txt': 'four\nfive\nsix\n',
};

/** A repository of a person's, with the history of the rig's remote, on its branch `main`. */
export interface PersonsRepository {
  /** As `RestoreRequest.into` takes it. */
  readonly into: string;
  /** The same of a place where there is none. */
  readonly nowhere: string;
  /** The variables of the person's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Commit by branch name. */
  branches(): Promise<ReadonlyMap<string, string>>;
  filesAt(commit: string): Promise<ReadonlyMap<string, string>>;
  /** Has a branch stand at a commit of the person's own, made from `main`, without changing to it. */
  commit(branch: string): Promise<string>;
}

/** The files of a person's repository, as they look at them. */
export interface PersonsCheckout {
  /** The branch that it is on. */
  branch(): Promise<string>;
  /** Null where there is no such file. */
  read(path: string): Promise<string | null>;
  /** Null deletes it. */
  write(path: string, text: string | null): Promise<void>;
}

/** The world around a `WorkspaceProvider`: a remote of its own, and ways to look at it and to harm it. */
export interface WorkspaceRig extends Rig {
  readonly provider: WorkspaceProvider;
  /** Another provider over the same state, as after a `kill -9`: the one before isn't closed, its commands are dead. */
  restart(): Promise<WorkspaceProvider>;
  readonly repository: string;
  readonly remote: GitRemote;
  /** A remote that can't be reached. */
  readonly deadRemote: GitRemote;
  /** The remote, with credentials that it refuses. */
  readonly refusedRemote?: GitRemote;
  /** Commit by branch name, on the remote. */
  branches(): Promise<ReadonlyMap<string, string>>;
  /** The files of a commit on the remote. */
  filesAt(commit: string): Promise<ReadonlyMap<string, string>>;
  /**
   * What a person does with a clone of their own: a commit on a branch, made from `main` where there is no
   * such branch yet. Null deletes a file. The new commit.
   */
  advance(branch: string, files: Readonly<Record<string, string | null>>): Promise<string>;
  /** From now on the remote turns every push away, by a rule of its own that says these words. */
  decline?(words: string): Promise<void>;
  /**
   * A person, or a button of the host, merges `main` into a branch of the remote; the new commit. With files: and has a
   * hand in the result.
   */
  update?(branch: string, files?: Readonly<Record<string, string>>): Promise<string>;
  /** Deletes a file of a checkout. */
  delete(workspace: Workspace, path: string): Promise<void>;
  /** The files that a rescue ref keeps, or null where there is no such ref. */
  rescued(ref: string): Promise<ReadonlyMap<string, string> | null>;
  /** Makes a repository of a person's. */
  person?(): Promise<PersonsRepository>;
  /** The checkout of such a repository, which is on `main`. Absent where there are no checkouts beside the provider's own. */
  lookIn?(person: PersonsRepository): PersonsCheckout;
  /** Leaves a commit of a job's in a copy of the repository that stands without any checkout, as a crash between two steps does. */
  leave?(job: string): Promise<void>;
  /** Makes what the provider keeps look as if nothing had been done in it for years. */
  age?(): Promise<void>;
  readonly commands: {
    /** Writes these to its output and its error output, and exits with the code. */
    say(output: string, error: string, exitCode: number): Command;
    /** Copies its input to its output. */
    readonly echo: Command;
    /** Runs until it is killed. */
    readonly block: Command;
    /** Can't be started. */
    readonly missing: Command;
    /** Exits with 0 where git, as commands find it, has an object of this id. Absent where they find none. */
    has?(object: string): Command;
  };
  /** Plants a symbolic link in a checkout. */
  symlink?(workspace: Workspace, path: string, target: string): Promise<void>;
  /** Makes a file of a checkout so many bytes long without writing them, as `truncate` does. */
  grow?(workspace: Workspace, path: string, bytes: number): Promise<void>;
  /** Deletes a checkout's directory behind the provider's back. */
  vanish?(workspace: Workspace): Promise<void>;
  /** Makes a checkout such that it can't be read, as a broken disk would. */
  spoil?(workspace: Workspace): Promise<void>;
  /** Whether a checkout's directory is still there. */
  isThere?(workspace: Workspace): Promise<boolean>;
}
