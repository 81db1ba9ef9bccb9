import type { Change } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createChangePolicyGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';
import { createPlainWorkspace } from '../plain-workspace.js';

async function judge(...changes: readonly Partial<Change>[]) {
  await using workspace = await createPlainWorkspace();
  const plain: Change = {
    ...{ path: 'a.txt', oldPath: null, kind: 'added', oldMode: null, mode: '100644', filter: null },
    ...{ added: 1, deleted: 0, binary: false, bytes: 4, oldBytes: 0 },
  };
  return await createChangePolicyGate().check(
    gateInput(workspace, { changes: changes.map((each) => ({ ...plain, ...each })) }),
  );
}

describe('what a change brings', () => {
  it('passes where it is little and as git would have it', async () => {
    expect(await judge({}, { path: 'b.txt', bytes: 1_000_000 })).toMatchObject({ verdict: 'pass' });
  });

  it('is refused where a filter that nobody ran would have encrypted it or kept it elsewhere', async () => {
    const result = await judge(
      { path: 'ok.txt' },
      { path: 'secret.key', filter: 'git-crypt' },
      { path: 'caf\udce9.bin', filter: 'lfs', kind: 'modified', oldMode: '100644' },
    );
    expect(result).toMatchObject({ verdict: 'stop', outcome: 'refused' });
    expect(result).toMatchObject({
      reason: expect.stringMatching(/`git-crypt`.*`secret\.key`.*`lfs`.*`caf\\u\{dce9\}\.bin`/),
    });
    expect(result).toMatchObject({ reason: expect.not.stringContaining('ok.txt') });
  });

  it('is for a person where it is long, though it be one line', async () => {
    expect(await judge({ path: 'one-line.txt', added: 1, bytes: 2 ** 20 + 1 })).toMatchObject({
      verdict: 'hold',
      reason: expect.stringContaining('`one-line.txt`'),
    });
    expect(await judge({ bytes: 600_000 }, { path: 'b.txt', bytes: 600_000 })).toMatchObject({ verdict: 'hold' });
    // A long file that changes a little is no more to read than its lines.
    expect(await judge({ kind: 'modified', bytes: 5_000_001, oldBytes: 5_000_000 })).toMatchObject({ verdict: 'pass' });
  });
});
