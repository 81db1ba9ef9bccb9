import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectOutput, createSecrets, type Secrets } from '@baton/adapter-kit';
import type { RunningCommand, Sandbox } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMaskedSandbox } from '../../src/wire/masked-sandbox.js';

const token = `tk-${'4f9a8c7e6d5b'.repeat(3)}`;
const wide = `grün-${'ß'.repeat(12)}-schlüssel`;

const secretsOf = (values: Readonly<Record<string, string>>): Secrets => {
  const secrets = createSecrets(values);
  for (const name of Object.keys(values)) secrets.read(name);
  return secrets;
};

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'baton-masked-sandbox-')));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const plain = createBubblewrapSandbox({ mode: 'off' });

describe('a sandbox behind a mask', () => {
  const run = (script: string, sandbox: Sandbox): Promise<RunningCommand> =>
    sandbox.spawn(
      { argv: ['sh', '-c', script] },
      {
        root: directory,
        readable: [],
        writable: [directory],
        network: [],
        maxMemoryBytes: null,
        maxProcesses: null,
      },
    );

  it.each([
    ['in one piece', `printf %s '${token}'`, '[TOKEN]'],
    ['in pieces', [...token].map((each) => `printf %s '${each}'`).join('; sleep 0.01; '), '[TOKEN]'],
    ['on standard error', `printf %s '${token}' >&2`, '[TOKEN]'],
    ['of more than ASCII', `printf %s '${wide}'`, '[WIDE]'],
    ['as JSON writes it, of several lines', String.raw`printf %s 'first-line-of-4f9a\nsecond-line-of-8c7e'`, '[LINES]'],
    ['only begun', `printf %s '${token.slice(0, -1)}'`, token.slice(0, -1)],
    ['with bytes beside it that are no text', String.raw`printf '\377\0%s\376' '${token}'`, '\ufffd\0[TOKEN]\ufffd'],
  ])('prints a secret (%s) by its name', async (_name, script, told) => {
    const secrets = secretsOf({ TOKEN: token, WIDE: wide, LINES: 'first-line-of-4f9a\nsecond-line-of-8c7e' });
    const running = await run(script, createMaskedSandbox(plain, secrets));
    const { stdout, stderr } = await collectOutput(running, { argv: ['sh'] });
    expect(stdout + stderr).toBe(told);
  });

  it.each([7, 64, 501])('leaves no part of one where output is cut (%i bytes are kept)', async (maxOutputBytes) => {
    const script = `i=0; while [ $i -lt 100 ]; do printf '%s ' '${token}'; i=$((i+1)); done`;
    const running = await run(script, createMaskedSandbox(plain, secretsOf({ TOKEN: token })));
    const { stdout, truncated } = await collectOutput(running, { argv: ['sh'], maxOutputBytes });
    expect(truncated).toBe(true);
    expect(stdout).not.toMatch(/tk-|[4f9a8c7e6d5b]{4}/);
  });

  it('tells a line as soon as it ends, also where a secret begins with a break', async () => {
    const sandbox = createMaskedSandbox(plain, secretsOf({ TOKEN: `\n${token}` }));
    await using running = await run('echo asks; read answer; echo "$answer"', sandbox);
    const reader = running.stdout.getReader();
    const writer = running.stdin.getWriter();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('asks\n');
    await writer.write(new TextEncoder().encode('told\n'));
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('told\n');
  });
});
