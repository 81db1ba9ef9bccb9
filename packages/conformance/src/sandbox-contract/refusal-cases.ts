import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { RefusedConnection } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { rootOnly, type SandboxRig } from './rig.js';
import { run } from './run.js';

const requires = {
  what: 'a sandbox that lets only named hosts be reached',
  holds: (rig: SandboxRig) => rig.report.network === 'enforced' && rig.canNameHosts,
};

/** What is told of connections that commands are refused. */
export const refusalCases: readonly ContractCase<SandboxRig>[] = [
  {
    id: 'each-refused-connection-is-told-under-its-own-policy',
    requires,
    async run(rig) {
      const one: RefusedConnection[] = [];
      const other: RefusedConnection[] = [];
      const ask = (target: string, told: RefusedConnection[]) =>
        run(
          rig,
          { argv: rig.program('ask', target) },
          rootOnly(rig, { network: ['allowed.example'], onRefused: (refused) => void told.push(refused) }),
        );
      assert.equal((await ask('Evil.Example:443', one)).stdout.trim(), 'refused');
      await ask('evil.example:443', one);
      await ask('127.0.0.1:80', other);
      const unlisted = { host: 'evil.example', port: 443, reason: 'unlisted' };
      assert.deepEqual(one, [unlisted, unlisted]);
      assert.deepEqual(other, [{ host: '127.0.0.1', port: 80, reason: 'unlisted' }]);
    },
  },
  {
    id: 'a-connection-that-is-granted-is-no-refusal',
    requires,
    async run(rig) {
      const server = createServer((socket) => socket.on('error', () => undefined).end());
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const address = server.address();
        assert.ok(typeof address === 'object' && address !== null);
        const host = `127.0.0.1:${address.port}`;
        const told: RefusedConnection[] = [];
        const policy = rootOnly(rig, { network: [host], onRefused: (refused) => void told.push(refused) });
        assert.equal((await run(rig, { argv: rig.program('ask', host) }, policy)).stdout.trim(), 'granted');
        assert.deepEqual(told, []);
      } finally {
        server.close();
      }
    },
  },
  {
    id: 'a-refusal-that-nobody-listens-to-is-one-all-the-same',
    requires,
    async run(rig) {
      const policy = rootOnly(rig, { network: ['allowed.example'] });
      const asked = await run(rig, { argv: rig.program('ask', 'evil.example:443') }, policy);
      assert.equal(asked.stdout.trim(), 'refused');
    },
  },
];
