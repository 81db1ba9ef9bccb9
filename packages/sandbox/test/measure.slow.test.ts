import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listInheritedDescriptors } from '../src/confine/inherited-descriptors.js';
import { defaultPath } from '../src/confine/minimal-environment.js';
import { spawnConfined } from '../src/confine/spawn-confined.js';
import { spawnPlain } from '../src/confine/spawn-plain.js';
import { createBubblewrapSandbox } from '../src/index.js';
import { measure, type Spawn } from '../src/measure/measure.js';
import { createSharedCall } from '../src/shared-call.js';
import { confined, unconfined } from './scene.js';

const path = defaultPath();
const inside: Spawn = (command, policy, call) =>
  spawnConfined(command, policy, {
    ...call,
    bubblewrap: '/usr/bin/bwrap',
    path,
    inherited: listInheritedDescriptors(),
  });
const outside: Spawn = (command, policy, call) => spawnPlain(command, policy, { ...call, path });

describe.skipIf(unconfined !== null)(confined('probes'), () => {
  it('can each be made every time, also while a program is being put in the place of another', async () => {
    for (let round = 0; round < 20; round += 1) {
      const measured = await measure(inside, outside, new AbortController().signal);
      expect(measured).toMatchObject({ complete: true, report: { processes: 'enforced' } });
    }
  });
});

describe('a finding', () => {
  it('is kept only where it holds', async () => {
    let made = 0;
    const ask = createSharedCall(
      async () => ++made,
      (value) => value === 3,
    );
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect([await ask(), await ask(), await ask()]).toEqual([2, 3, 3]);
  });

  it('of a bubblewrap that could not be run is made again, and refuses no command for good', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'baton-sandbox-'));
    try {
      const bubblewrap = join(directory, 'bwrap');
      await writeFile(bubblewrap, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const sandbox = createBubblewrapSandbox({ mode: 'required', bubblewrap });
      expect(await sandbox.measure()).toMatchObject({ files: 'open' });
      await writeFile(bubblewrap, '#!/bin/sh\nexec /usr/bin/bwrap "$@"\n', { mode: 0o755 });
      expect((await sandbox.measure()).files).toBe(unconfined === null ? 'enforced' : 'open');
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
