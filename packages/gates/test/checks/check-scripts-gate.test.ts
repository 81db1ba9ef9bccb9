import { gateContract } from '@baton/conformance';
import type { GateInput, GateResult } from '@baton/core';
import { afterAll, describe, expect, it } from 'vitest';
import { createCheckScriptsGate } from '../../src/index.js';
import { changeOf, type Entry } from '../repository.js';

type Entries = Readonly<Record<string, Entry>>;

const base: Entries = {
  'package.json': '{ "scripts": { "style": "node lint.mjs" } }\n',
  'lint.mjs': 'check();\n',
  'a.ts': 'one\n',
};
const gutted: Entries = { 'lint.mjs': 'console.log("ok 1");\n' };

const gateOf = (run: string, on: 'hold' | 'block' | 'allow' = 'hold') =>
  createCheckScriptsGate({ id: 'asked', by: '.baton.yaml', commands: [run], on });

async function judge(head: Entries, ...settings: Parameters<typeof gateOf>): Promise<GateResult> {
  await using input = await changeOf(base, head);
  return await gateOf(...settings).check(input);
}

describe('as a gate', () => {
  const opened: AsyncDisposable[] = [];
  afterAll(async () => {
    for (const each of opened) await each[Symbol.asyncDispose]();
  });
  const situation = (head: Entries): (() => Promise<GateInput>) => {
    let made: Promise<GateInput & AsyncDisposable> | undefined;
    return async () => {
      made ??= changeOf(base, head);
      opened.push(await made);
      return made;
    };
  };
  gateContract(it, async () => ({
    gate: gateOf('node lint.mjs', 'block'),
    checks: [],
    situations: { pass: situation({ 'a.ts': 'two\n' }), stop: situation(gutted) },
    processes: async () => [],
    dispose: async () => {},
  }));
});

describe('what the checks run that somebody asks for beside the operator', () => {
  const reason = 'It changes what the checks of .baton.yaml run, which decides what is green: `lint.mjs`.';

  it.each(['node lint.mjs', 'npm run style', 'sh -c "node ./lint.mjs"'])(
    '%s: is held, told and steers',
    async (run) => {
      expect(await judge(gutted, run)).toEqual({
        verdict: 'hold',
        reason,
        notes: [reason],
        steers: ['lint.mjs'],
        checks: [],
      });
    },
  );

  it('is held where it is new, deleted or moved away', async () => {
    for (const head of [{ 'lint.mjs': null }, { 'lint.mjs': null, 'other.mjs': 'check();\n' }]) {
      expect(await judge(head, 'node lint.mjs')).toMatchObject({ verdict: 'hold', reason });
    }
    expect((await judge({ 'new.mjs': 'x\n' }, 'node new.mjs')).verdict).toBe('hold');
  });

  it('is told and steers where a change of it is allowed, and is refused where it is blocked', async () => {
    const told = { notes: [reason], steers: ['lint.mjs'] };
    expect(await judge(gutted, 'node lint.mjs', 'allow')).toMatchObject({ verdict: 'pass', ...told });
    expect(await judge(gutted, 'node lint.mjs', 'block')).toMatchObject({
      verdict: 'stop',
      outcome: 'refused',
      ...told,
    });
  });

  it.each([
    ['node lint.mjs', { 'a.ts': 'two\n' }],
    ['grep -q one a.ts', { 'a.ts': 'two\n' }],
    ['node --test test/a.test.js', { 'test/a.test.js': 'test();\n' }],
    // The change policy's, whoever names it.
    ['make lint', { Makefile: 'lint:\n' }],
  ])('%s leaves %j free', async (run, head) => {
    expect(await judge(head, run)).toEqual({ verdict: 'pass', checks: [] });
  });
});
