import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { SandboxReport } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { rootOnly, type SandboxRig } from './rig.js';
import { run } from './run.js';

const enforced = (kind: Exclude<keyof SandboxReport, 'detail'>): Pick<ContractCase<SandboxRig>, 'requires'> => ({
  requires: {
    what: `a sandbox that was measured to enforce ${kind}`,
    holds: (rig) => rig.report[kind] === 'enforced',
  },
});

/** What a sandbox must keep to where it says that it confines. */
export const confinementCases: readonly ContractCase<SandboxRig>[] = [
  {
    id: 'what-is-not-listed-can-be-neither-read-nor-written',
    ...enforced('files'),
    async run(rig) {
      const secret = join(rig.outside, 'secret');
      await writeFile(secret, 'secret');
      const read = await run(rig, { argv: rig.program('read', secret) });
      assert.notEqual(read.exitCode, 0);
      assert.ok(!read.stdout.includes('secret'));
      await run(rig, { argv: rig.program('write', secret) });
      await run(rig, { argv: rig.program('write', join(rig.outside, 'new')) });
      assert.equal(await readFile(secret, 'utf8'), 'secret');
      await assert.rejects(access(join(rig.outside, 'new')));
    },
  },
  {
    id: 'a-symlink-leads-out-of-nothing',
    ...enforced('files'),
    async run(rig) {
      await writeFile(join(rig.outside, 'secret'), 'secret');
      await symlink(rig.outside, join(rig.root, 'way-out'));
      const read = await run(rig, { argv: rig.program('read', join(rig.root, 'way-out', 'secret')) });
      assert.ok(!read.stdout.includes('secret'));
    },
  },
  {
    id: 'the-root-is-writable-only-where-it-is-listed-so',
    ...enforced('files'),
    async run(rig) {
      const file = join(rig.root, 'file');
      await writeFile(file, 'as it was');
      const policy = rootOnly(rig, { writable: [] });
      assert.equal((await run(rig, { argv: rig.program('read', file) }, policy)).stdout, 'as it was');
      assert.notEqual((await run(rig, { argv: rig.program('write', file) }, policy)).exitCode, 0);
      assert.equal(await readFile(file, 'utf8'), 'as it was');
      assert.equal((await run(rig, { argv: rig.program('write', file) })).exitCode, 0);
      assert.equal(await readFile(file, 'utf8'), 'written');
    },
  },
  {
    id: 'the-longer-path-decides',
    ...enforced('files'),
    async run(rig) {
      const [locked, open] = [join(rig.root, 'locked'), join(rig.root, 'locked', 'open')];
      await mkdir(open, { recursive: true });
      await writeFile(join(locked, 'file'), 'as it was');
      const policy = rootOnly(rig, { readable: [join(locked, 'file'), locked], writable: [rig.root, open] });
      for (const program of ['write', 'remove', 'move'] as const) {
        await run(rig, { argv: rig.program(program, join(locked, 'file')) }, policy);
      }
      await run(rig, { argv: rig.program('move', locked) }, policy);
      assert.equal(await readFile(join(locked, 'file'), 'utf8'), 'as it was');
      assert.equal((await run(rig, { argv: rig.program('write', join(open, 'new')) }, policy)).exitCode, 0);
      assert.equal((await run(rig, { argv: rig.program('write', join(rig.root, 'new')) }, policy)).exitCode, 0);
    },
  },
  {
    id: 'a-listed-path-that-is-not-there-is-left-out',
    ...enforced('files'),
    async run(rig) {
      const missing = join(rig.outside, 'missing');
      const policy = rootOnly(rig, { readable: [missing], writable: [rig.root, join(rig.root, 'missing')] });
      assert.equal((await run(rig, { argv: rig.program('exit', '0') }, policy)).exitCode, 0);
      for (const path of [missing, join(rig.root, 'missing')]) await assert.rejects(access(path));
    },
  },
  {
    id: 'a-listed-symlink-works-by-its-own-name',
    ...enforced('files'),
    async run(rig) {
      await mkdir(join(rig.outside, 'version-2'));
      await writeFile(join(rig.outside, 'version-2', 'file'), 'found');
      await symlink('version-2', join(rig.outside, 'current'));
      const policy = rootOnly(rig, { readable: [join(rig.outside, 'current')] });
      for (const name of ['current', 'version-2']) {
        const read = await run(rig, { argv: rig.program('read', join(rig.outside, name, 'file')) }, policy);
        assert.equal(read.stdout, 'found', `${name}: ${read.stderr}`);
      }
    },
  },
  {
    id: 'no-port-and-no-socket-of-the-host-is-reached-unless-listed',
    ...enforced('network'),
    async run(rig) {
      const socket = join(rig.outside, 'host.sock');
      const [byPort, byPath] = [await listen(0), await listen(socket)];
      try {
        const address = byPort.address();
        assert.ok(typeof address === 'object' && address !== null);
        for (const target of [String(address.port), socket]) {
          const tried = await run(rig, { argv: rig.program('connect', target) });
          assert.ok(!tried.stdout.includes('connected'), `reached ${target}`);
        }
        const listed = await run(rig, { argv: rig.program('connect', socket) }, rootOnly(rig, { readable: [socket] }));
        assert.equal(listed.stdout.trim(), 'connected', listed.stderr);
      } finally {
        byPort.close();
        byPath.close();
      }
    },
  },
  {
    id: 'no-socket-in-a-listed-directory-is-reached',
    ...enforced('network'),
    async run(rig) {
      const [listed, below] = [join(rig.outside, 'listed'), join(rig.outside, 'listed', 'of it', '.below')];
      await mkdir(below, { recursive: true });
      await writeFile(join(below, 'file'), 'seen');
      const renamed = join(listed, 'renamed.sock');
      const paths = [join(listed, 'host.sock'), join(below, 'two words.sock'), join(rig.root, 'own.sock')];
      const servers = await Promise.all([...paths, `${renamed}.new`].map(listen));
      try {
        await rename(`${renamed}.new`, renamed);
        const policy = rootOnly(rig, { readable: [listed], writable: [] });
        for (const path of [...paths, renamed]) {
          const tried = await run(rig, { argv: rig.program('connect', path) }, policy);
          assert.ok(!tried.stdout.includes('connected'), `reached ${path}`);
        }
        const beside = await run(rig, { argv: rig.program('read', join(below, 'file')) }, policy);
        assert.equal(beside.stdout, 'seen', beside.stderr);
        const named = rootOnly(rig, { readable: [listed, renamed] });
        const meant = await run(rig, { argv: rig.program('connect', renamed) }, named);
        assert.equal(meant.stdout.trim(), 'connected', meant.stderr);
      } finally {
        for (const server of servers) server.close();
      }
    },
  },
  {
    id: 'processes-of-the-host-are-not-seen',
    ...enforced('processes'),
    async run(rig) {
      const word = `host-${randomBytes(8).toString('hex')}`;
      const host = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)', word], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        await once(host.stdout, 'data');
        assert.equal((await run(rig, { argv: rig.program('find'), stdin: word })).stdout.trim(), '0');
      } finally {
        host.kill('SIGKILL');
      }
    },
  },
  {
    id: 'memory-is-limited-over-the-whole-tree',
    ...enforced('memory'),
    async run(rig) {
      const maxMemoryBytes = 160 * 1024 * 1024;
      const allocate = (bytes: number) =>
        run(rig, { argv: rig.program('allocate', String(bytes)) }, rootOnly(rig, { maxMemoryBytes }));
      assert.equal((await allocate(1024)).stdout, 'begun ended');
      const killed = await allocate(2 * maxMemoryBytes);
      assert.equal(killed.exitCode, null);
      assert.ok(!killed.stdout.includes('ended'));
    },
  },
  {
    id: 'processes-are-limited-over-the-whole-tree',
    ...enforced('memory'),
    async run(rig) {
      const forkMany = (count: number, maxProcesses: number) =>
        run(rig, { argv: rig.program('fork-many', String(count)) }, rootOnly(rig, { maxProcesses }));
      assert.equal((await forkMany(5, 40)).stdout.trim(), 'all');
      assert.ok(!(await forkMany(80, 40)).stdout.includes('all'));
    },
  },
  {
    id: 'temporary-space-is-limited-with-memory',
    ...enforced('memory'),
    async run(rig) {
      const maxMemoryBytes = 96 * 1024 * 1024;
      const fill = (bytes: number) =>
        run(rig, { argv: rig.program('fill', String(bytes)) }, rootOnly(rig, { maxMemoryBytes }));
      assert.equal((await fill(1024)).stdout, 'filled\nfilled\n');
      assert.ok(!(await fill(2 * maxMemoryBytes)).stdout.includes('filled'));
    },
  },
];

async function listen(where: number | string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined).end());
  if (typeof where === 'number') server.listen(where, '127.0.0.1');
  else server.listen(where);
  await once(server, 'listening');
  return server;
}
