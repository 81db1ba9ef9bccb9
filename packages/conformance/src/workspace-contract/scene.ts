import assert from 'node:assert/strict';
import type { BatonErrorCode, CommitRequest, SandboxPolicy, Workspace, WorkspaceProvider } from '@baton/core';
import { BatonError } from '@baton/core';
import type { WorkspaceRig } from './rig.js';

/** Reaches nothing but the checkout. */
export const closedSandbox: Omit<SandboxPolicy, 'root' | 'writable'> = {
  readable: [],
  network: [],
  maxMemoryBytes: null,
  maxProcesses: null,
};

/** Which workspace a case opens. */
export interface OpenSpec {
  readonly job?: string;
  readonly attempt?: number;
  readonly role?: 'work' | 'verify';
  readonly baseCommit?: string;
  readonly provider?: WorkspaceProvider;
}

/** Fetches `main` and opens a workspace at it. Default: work of the first attempt of `j1`. */
export async function openAtMain(rig: WorkspaceRig, spec: OpenSpec = {}): Promise<Workspace> {
  const provider = spec.provider ?? rig.provider;
  const { repository, remote } = rig;
  const fetched = { repository, remote, branch: 'main', readableBy: 'commands' } as const;
  const baseCommit = spec.baseCommit ?? (await provider.fetch(fetched));
  const key = { job: spec.job ?? 'j1', attempt: spec.attempt ?? 1, role: spec.role ?? 'work' };
  return await provider.open({ repository, key, baseCommit, sandbox: closedSandbox });
}

/** A file's text, or null. */
export async function textOf(workspace: Workspace, path: string): Promise<string | null> {
  const data = await workspace.readFile(path);
  return data === null ? null : new TextDecoder().decode(data);
}

/** A commit of a tree on top of the workspace's base, at a fixed instant. */
export function commitOf(workspace: Workspace, tree: string, over: Partial<CommitRequest> = {}): CommitRequest {
  return {
    tree,
    parents: [workspace.baseCommit],
    message: 'Say more\n\nBaton-Job: j1\n',
    author: { name: 'Baton', email: 'baton@example.com' },
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
    ...over,
  };
}

/** Snapshots and commits what stands in a workspace. */
export async function commitAll(workspace: Workspace, over: Partial<CommitRequest> = {}): Promise<string> {
  const { tree } = await workspace.snapshot();
  return await workspace.commit(commitOf(workspace, tree, over));
}

/** Asserts that a call rejects with a `BatonError` of one of these codes. */
export async function rejectsWith(call: Promise<unknown>, ...codes: readonly BatonErrorCode[]): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(BatonError.is(error), `expected a BatonError, got ${String(error)}`);
    assert.ok(codes.includes(error.code), `expected ${codes.join(' or ')}, got ${error.code}: ${error.message}`);
    return true;
  });
}

/** Everything that an iterable gives. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const each of iterable) all.push(each);
  return all;
}
