import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '@baton/adapter-kit';
import type { Diagnosis, Sandbox } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnoseProgram } from '../src/index.js';
import { readFirstWord } from '../src/program/first-word.js';

const program = (word: string) => ({ kind: 'program', word });

describe('what a command line begins with', () => {
  it.each([
    ['my-agent --headless', program('my-agent')],
    ['  /opt/agent/run.sh | tee log', program('/opt/agent/run.sh')],
    ['A=1 B="two words" my-agent', program('my-agent')],
    ['exec my-agent -x', program('my-agent')],
    ['A=1 exec my-agent;true', program('my-agent')],
    ['"/opt/my agent/run" -x', program('/opt/my agent/run')],
    ["'/opt/my agent/run'", program('/opt/my agent/run')],
    ['./agent.sh', { kind: 'checkout', word: './agent.sh' }],
    ['tools/agent', { kind: 'checkout', word: 'tools/agent' }],
    ['~/bin/agent -x', { kind: 'home', word: '~/bin/agent' }],
    ['$HOME/bin/agent', { kind: 'home', word: '$HOME/bin/agent' }],
    ['"$HOME"/bin/agent', { kind: 'home', word: '"$HOME"/bin/agent' }],
    ['$AGENT -x', { kind: 'unclear' }],
    ['(cd sub && ./agent)', { kind: 'unclear' }],
    ['"$(which agent)" -x', { kind: 'unclear' }],
    ['my-$NAME', { kind: 'unclear' }],
    ['>log my-agent', { kind: 'unclear' }],
    ['A=$(date) my-agent', { kind: 'unclear' }],
  ])('%s', (run, first) => {
    expect(readFirstWord(run)).toEqual(first);
  });
});

describe('the program of a command line', () => {
  let outside: string;
  let inside: string;
  beforeEach(async () => {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'baton-diagnose-')));
    [outside, inside] = [join(base, 'outside'), join(base, 'inside')];
    for (const each of [outside, inside]) await mkdir(each);
  });
  afterEach(() => rm(join(outside, '..'), { recursive: true }));

  /** Shows `inside`, and hides what only `outside` has: a real shell, for which another PATH holds. */
  const sandbox = (): Sandbox => ({
    spec: 'sandbox/1',
    id: 'plain',
    measure: () => Promise.reject(new Error('not for an agent')),
    spawn: (command) => {
      const isLookup = command.argv[0] === 'sh';
      const PATH = `${inside}:/usr/bin:/bin${isLookup ? '' : `:${outside}`}`;
      return startProcess(command.argv, { cwd: '/', env: { PATH, ...command.env } });
    },
  });
  const put = async (directory: string, name: string, mode = 0o755): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, '#!/bin/sh\ntouch ran\n');
    await chmod(path, mode);
    return path;
  };
  const lines = async (run: string, env: Readonly<Record<string, string>> = {}): Promise<readonly Diagnosis[]> => {
    return Array.fromAsync(diagnoseProgram({ run, env, sandbox: sandbox() }, undefined));
  };

  it('is looked up, by its name or its path, with its own environment, and is not run', async () => {
    const path = await put(inside, 'my-agent');
    const there = { check: 'program', ok: true, fix: null };
    expect(await lines('my-agent -x')).toEqual([{ ...there, detail: `my-agent is ${path} in the sandbox.` }]);
    expect(await lines(`${path} -x`)).toEqual([{ ...there, detail: `${path} is there in the sandbox.` }]);
    const other = await put(outside, 'other-agent');
    expect(await lines('other-agent', { PATH: `${outside}:/usr/bin:/bin` })).toEqual([
      { ...there, detail: `other-agent is ${other} in the sandbox.` },
    ]);
  });

  it('is told of where it stands outside alone, and what has to be listed', async () => {
    const path = await put(outside, 'agent-outside');
    await symlink(path, join(outside, 'agent-link'));
    expect(await lines('agent-outside')).toEqual([
      {
        check: 'program',
        ok: false,
        detail: `agent-outside stands at ${path}, which isn't there in the sandbox.`,
        fix: `List ${path}, or the directory with all that it needs, under sandbox.readable.`,
      },
    ]);
    expect(await lines('agent-link')).toMatchObject([
      { ok: false, fix: expect.stringContaining(`List ${join(outside, 'agent-link')} and ${path},`) },
    ]);
  });

  it('is told of where nobody may run it, and where it is nowhere', async () => {
    const path = await put(inside, 'plain-file', 0o644);
    expect(await lines(path)).toMatchObject([{ ok: false, fix: `Run chmod +x ${path}.` }]);
    expect(await lines('no-such-agent')).toMatchObject([
      { ok: false, detail: 'There is no program no-such-agent in the sandbox, whose PATH is that of the daemon.' },
    ]);
    expect(await lines('/no/such/agent')).toMatchObject([{ ok: false, fix: expect.stringContaining('readable') }]);
  });

  it.each([
    ['./agent.sh', true, 'committed on the base branch'],
    ['~/bin/agent', false, 'an empty one of its own'],
    ['$AGENT', true, 'looked up by the first job'],
  ])('that is %s is told of without a look', async (run, ok, words) => {
    expect(await lines(run)).toMatchObject([{ ok, detail: expect.stringContaining(words) }]);
  });
});
