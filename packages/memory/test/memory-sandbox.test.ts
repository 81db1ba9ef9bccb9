import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxContract } from '@baton/conformance';
import { expect, it } from 'vitest';
import { createMemorySandbox, type MemorySandboxOptions } from '../src/index.js';

process.env['MEMORY_SANDBOX_CANARY'] = 'memory-canary-4711';

const programs: MemorySandboxOptions['programs'] = {
  exit: ({ argv }) => Number(argv[1]),
  async echo({ stdin, print }) {
    print(await new Response(stdin).text());
    return 0;
  },
  say({ argv, print, printError }) {
    print(argv[1] ?? '');
    printError(argv[2] ?? '');
    return 0;
  },
  directory({ cwd, print }) {
    print(`${cwd}\n`);
    return 0;
  },
  environment({ env, print }) {
    for (const [name, value] of Object.entries(env)) print(`${name}=${value}\n`);
    return 0;
  },
  flood({ argv, print }) {
    print('x'.repeat(Number(argv[1])));
    return 0;
  },
  block({ print }) {
    print('ready\n');
    return new Promise(() => undefined);
  },
};

sandboxContract(it, async () => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'baton-memory-sandbox-')));
  const sandbox = createMemorySandbox({ programs });
  return {
    sandbox,
    report: await sandbox.measure(),
    canOverlay: false,
    canNameHosts: true,
    root: directory,
    outside: join(directory, '..', 'elsewhere'),
    canary: { name: 'MEMORY_SANDBOX_CANARY', value: 'memory-canary-4711' },
    program: (name, ...args) => [name, ...args],
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
});

it('hands a program the policy that it runs under', async () => {
  const policy = {
    root: '/w',
    readable: [],
    writable: [],
    network: ['example.org'],
    maxMemoryBytes: null,
    maxProcesses: 7,
  };
  let seen: unknown = null;
  const sandbox = createMemorySandbox({
    programs: {
      look(call) {
        seen = call.policy;
        return 0;
      },
    },
  });
  await using running = await sandbox.spawn({ argv: ['look'] }, policy);
  expect((await running.exit).exitCode).toBe(0);
  expect(seen).toEqual(policy);
});
