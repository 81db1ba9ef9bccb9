import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '@baton/adapter-kit';
import { BatonError, type Sandbox } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askVersion } from '../../src/agent/ask-version.js';

describe('the version of a program', () => {
  let base: string;
  let program: string;
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'baton-version-')));
    const bin = join(base, 'real', 'node_modules', 'pkg', 'bin');
    await mkdir(bin, { recursive: true });
    program = join(bin, 'tool');
    await writeFile(program, '#!/bin/sh\necho 1.2.3\n');
    await chmod(program, 0o755);
    await mkdir(join(base, 'linked'));
    await symlink(program, join(base, 'linked', 'tool'));
  });
  afterEach(() => rm(base, { recursive: true }));

  /** A program runs where what it needs is listed; everything else is there. */
  const sandbox = (needs: readonly string[] = [], asked: string[][] = []): Sandbox => ({
    spec: 'sandbox/1',
    id: 'plain',
    measure: () => Promise.reject(new Error('not for an agent')),
    spawn: (command, policy) => {
      asked.push([...policy.readable]);
      const isShown = command.argv[0] === 'printenv' || needs.every((need) => policy.readable.includes(need));
      const PATH = `${join(base, 'linked')}:/usr/bin:/bin`;
      return startProcess(isShown ? command.argv : ['false'], { cwd: '/', env: { PATH } });
    },
  });

  it('is asked for where the project lists what it needs, and nowhere else', async () => {
    const asked: string[][] = [];
    const answer = await askVersion(
      { program, sandbox: sandbox(['/opt/listed'], asked) },
      { readable: ['/opt/listed'] },
    );
    expect(answer).toMatchObject({ result: { exitCode: 0, stdout: '1.2.3\n' }, unlisted: [] });
    expect(asked).toEqual([['/opt/listed']]);
  });

  it('tells what has to be listed: where the program is linked, and the packages it really stands in', async () => {
    const modules = join(base, 'real', 'node_modules');
    const answer = await askVersion({ program: 'tool', sandbox: sandbox([modules]) }, { readable: ['/opt/other'] });
    expect(answer).toMatchObject({ result: { exitCode: 0 }, unlisted: [join(base, 'linked'), modules] });
    const unknown = await askVersion({ program: 'tool', sandbox: sandbox([modules]) }, {});
    expect(unknown).toMatchObject({ result: { exitCode: 0 }, unlisted: [] });
  });

  it('is not told where the program runs nowhere, or the sandbox starts nothing', async () => {
    const missing = await askVersion({ program: '/bin/false', sandbox: sandbox() }, { readable: [] });
    expect(missing).toMatchObject({ result: { exitCode: 1 }, unlisted: [] });
    const refusing: Sandbox = {
      ...sandbox(),
      spawn: () => Promise.reject(new BatonError('CAPABILITY_UNSUPPORTED', 'No.', { details: { capability: 'x' } })),
    };
    expect(await askVersion({ program, sandbox: refusing }, { readable: [] })).toEqual({ result: null, unlisted: [] });
  });
});
