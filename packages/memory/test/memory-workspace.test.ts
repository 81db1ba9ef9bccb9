import { workspaceContract } from '@baton/conformance';
import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryWorkspaceRig } from './workspace-rig.js';

describe('memory workspaces', () => {
  workspaceContract(it, async () => createMemoryWorkspaceRig());

  it('needs no timer of the machine', async () => {
    const rig = createMemoryWorkspaceRig();
    const { repository, remote } = rig;
    const turns: string[] = [];
    const immediate = setImmediate(() => turns.push('event loop'));
    const baseCommit = await rig.provider.fetch({ repository, remote, branch: 'main' });
    const sandbox = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    const key = { job: 'j1', attempt: 1, role: 'work' } as const;
    const workspace = await rig.provider.open({ repository, key, baseCommit, sandbox });
    await workspace.exec({ ...rig.commands.echo, stdin: 'words' });
    const { tree } = await workspace.snapshot();
    await workspace.load(tree);
    await rig.provider.remove(key);
    turns.push('all done');
    clearImmediate(immediate);
    expect(turns).toEqual(['all done']);
  });

  it('kills what runs when the engine crashes, and keeps the files', async () => {
    const { provider, repository, remote, commands } = createMemoryWorkspaceRig();
    const baseCommit = await provider.fetch({ repository, remote, branch: 'main' });
    const sandbox = { readable: [], network: [], maxMemoryBytes: null, maxProcesses: null };
    const key = { job: 'j1', attempt: 1, role: 'work' } as const;
    const workspace = await provider.open({ repository, key, baseCommit, sandbox });
    const running = await workspace.spawn(commands.block);
    provider.files(key).set('new.txt', 'kept\n');
    await expect(workspace.snapshot()).rejects.toSatisfy((error) => BatonError.is(error, 'CONFLICT'));
    provider.crash();
    expect(await running.exit).toEqual({ exitCode: null, signal: 'SIGKILL' });
    const { changes } = await workspace.snapshot();
    expect(changes.map((each) => each.path)).toEqual(['new.txt']);
  });
});
