import type { GateResult } from '@baton/core';
import { type ChangePolicyOptions, createChangePolicyGate } from '../src/index.js';
import { gateInput } from './gate-input.js';
import { createPlainWorkspace } from './plain-workspace.js';
import { changeOf, type Entry } from './repository.js';

export type Entries = Readonly<Record<string, Entry>>;

/** What the change policy says of a change that real git made. */
export async function judge(base: Entries, head: Entries, options?: ChangePolicyOptions): Promise<GateResult> {
  await using input = await changeOf({ 'README.md': 'hello\n', ...base }, head);
  return await createChangePolicyGate(options).check(input);
}

/** A new file of one line, without git: where only the name matters. */
export async function judgeName(path: string, options?: ChangePolicyOptions): Promise<GateResult> {
  await using workspace = await createPlainWorkspace();
  const change = { path, oldPath: null, kind: 'added', oldMode: null, mode: '100644' } as const;
  return await createChangePolicyGate(options).check(
    gateInput(workspace, {
      changes: [{ ...change, added: 1, deleted: 0, binary: false, bytes: 4, oldBytes: 0, filter: null }],
    }),
  );
}

/** `package.json` with these scripts. */
export const manifest = (scripts: Readonly<Record<string, string>>, more: object = {}): string =>
  `${JSON.stringify({ name: 'shop', version: '1.0.0', scripts, dependencies: { left: '1.0.0' }, ...more }, null, 2)}\n`;
