import assert from 'node:assert/strict';
import type { ContractCase } from '../contract.js';
import type { WorkspaceRig } from './rig.js';
import { openAtMain, rejectsWith, textOf } from './scene.js';

const links = { what: 'symbolic links', holds: (rig: WorkspaceRig) => rig.symlink !== undefined };

/** Files and commands: what agents and gates are handed. */
export const fileCases: readonly ContractCase<WorkspaceRig>[] = [
  {
    id: 'write-then-read',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await workspace.writeFile('deep/er/file.txt', 'text é\n');
      await workspace.writeFile('bytes', new Uint8Array([104, 105]));
      assert.equal(await textOf(workspace, 'deep/er/file.txt'), 'text é\n');
      assert.equal(await textOf(workspace, 'deep/../bytes'), 'hi');
      assert.equal(await workspace.readFile('nothing/here'), null);
    },
  },
  {
    id: 'read-outside-rejects',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      for (const path of ['../x', '/etc/passwd', 'src/../../x', '..', `${workspace.root}-beside/x`]) {
        await rejectsWith(workspace.readFile(path), 'PERMISSION_DENIED');
      }
    },
  },
  {
    id: 'write-outside-rejects',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      for (const path of ['../x', '/x', 'src/../../x', '.git', '.git/config', 'src/../.git']) {
        await rejectsWith(workspace.writeFile(path, 'x'), 'PERMISSION_DENIED');
      }
    },
  },
  {
    id: 'symlink-out-rejects',
    requires: links,
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await rig.symlink?.(workspace, 'out', '../..');
      await rig.symlink?.(workspace, 'passwd', '/etc/passwd');
      await rig.symlink?.(workspace, 'dangling', '/nowhere/at/all');
      for (const path of ['out/x', 'passwd']) await rejectsWith(workspace.readFile(path), 'PERMISSION_DENIED');
      for (const path of ['out/x', 'passwd', 'dangling', 'dangling/x']) {
        await rejectsWith(workspace.writeFile(path, 'x'), 'PERMISSION_DENIED');
      }
    },
  },
  {
    id: 'symlink-inside-is-read',
    requires: links,
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await rig.symlink?.(workspace, 'link', 'src/a.txt');
      assert.equal(await textOf(workspace, 'link'), 'one\ntwo\nthree\n');
    },
  },
  {
    id: 'exec-tells-output-and-exit-code',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const result = await workspace.exec(rig.commands.say('out', 'wrong', 3));
      assert.equal(result.exitCode, 3);
      assert.equal(result.stdout, 'out');
      assert.equal(result.stderr, 'wrong');
      assert.equal(result.timedOut, false);
      assert.equal(result.truncated, false);
    },
  },
  {
    id: 'exec-gives-stdin',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      assert.equal((await workspace.exec({ ...rig.commands.echo, stdin: 'words' })).stdout, 'words');
      assert.equal((await workspace.exec(rig.commands.echo)).stdout, '');
    },
  },
  {
    id: 'exec-bounds-output',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const stdin = `head${'.'.repeat(5_000)}tail`;
      const result = await workspace.exec({ ...rig.commands.echo, stdin, maxOutputBytes: 1_000 });
      assert.equal(result.truncated, true);
      // Room for a note on what is missing.
      assert.ok(result.stdout.length <= 1_200, `${result.stdout.length} characters`);
      assert.ok(result.stdout.startsWith('head') && result.stdout.endsWith('tail'));
    },
  },
  {
    id: 'exec-of-nothing-rejects',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await rejectsWith(workspace.exec(rig.commands.missing), 'COMMAND_FAILED');
      await workspace.snapshot();
    },
  },
  {
    id: 'abort-ends-a-command',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const reason = new Error('enough');
      await assert.rejects(workspace.exec(rig.commands.block, { signal: AbortSignal.abort(reason) }), reason);
      const abort = new AbortController();
      const running = workspace.exec(rig.commands.block, { signal: abort.signal });
      abort.abort(reason);
      await assert.rejects(running, reason);
      await workspace.snapshot();
    },
  },
  {
    id: 'spawn-talks-over-pipes',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      await using running = await workspace.spawn(rig.commands.echo);
      const writer = running.stdin.getWriter();
      await writer.write(new TextEncoder().encode('hello'));
      await writer.close();
      let heard = '';
      for await (const chunk of running.stdout) heard += new TextDecoder().decode(chunk);
      assert.equal(heard, 'hello');
      assert.deepEqual(await running.exit, { exitCode: 0, signal: null });
    },
  },
  {
    id: 'snapshot-rejects-while-a-command-runs',
    run: async (rig) => {
      const workspace = await openAtMain(rig);
      const twin = await openAtMain(rig);
      {
        await using _running = await workspace.spawn(rig.commands.block);
        await rejectsWith(workspace.snapshot(), 'CONFLICT');
        await rejectsWith(twin.snapshot(), 'CONFLICT');
      }
      await workspace.snapshot();
      await twin.snapshot();
    },
  },
];
