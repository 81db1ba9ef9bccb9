import type { GateInput } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { type CheckCommand, type CheckGateOptions, createCheckGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { createPlainWorkspace } from '../plain-workspace.js';

describe('settings', () => {
  it('cacheKey changes with what would be measured, and not with what would be judged', () => {
    const keyOf = (run: string, more: Partial<CheckGateOptions> = {}): string | undefined =>
      createCheckGate({ commands: [{ name: 'test', run }], ...more }).cacheKey;
    expect(keyOf('npm test')).toBe(keyOf('npm test', { knownFailures: ['a'], flakeRetries: 4 }));
    expect(keyOf('npm test')).not.toBe(keyOf('npm run test'));
    expect(keyOf('npm test', { baseline: false })).toBeUndefined();
  });

  it.each<[string, Partial<CheckCommand>, string]>([
    ['an empty command', { run: ' ' }, 'commands[0].run'],
    ['no name', { name: '' }, 'commands[0].name'],
    ['no time', { timeoutMs: 0 }, 'commands[0].timeoutMs'],
    ['a report outside', { report: '../junit.xml' }, 'commands[0].report'],
    ['an absolute report', { report: '/tmp/junit.xml' }, 'commands[0].report'],
  ])('refuses %s before anything runs', (_name, wrong, setting) => {
    expect(() => createCheckGate({ commands: [{ name: 'test', run: 'true', ...wrong }] })).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { setting } }),
    );
  });

  it('refuses no command at all, and two of one name', () => {
    expect(() => createCheckGate({ commands: [] })).toThrowError(/at least one/);
    const twice = { name: 'test', run: 'true' };
    expect(() => createCheckGate({ commands: [twice, twice] })).toThrowError(/Two checks/);
  });

  it('a machine that cannot start a command has not run it, on the base it is an error', async () => {
    await using workspace = await createPlainWorkspace();
    const broken: GateInput['checkout'] = { ...workspace, exec: () => workspace.exec({ argv: ['/no/such/program'] }) };
    const gate = createCheckGate({ commands: [{ name: 'test', run: 'true' }] });
    const result = await gate.check(gateInput(broken));
    expect(result).toMatchObject({ verdict: 'not-run', reason: expect.stringContaining('could not be started') });
    expect(result.checks).toMatchObject([{ basis: 'not-run', head: null }]);
    await expect(gate.baseline?.(broken)).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
  });
});
