import type { Change } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createChangePolicyGate } from '../../src/index.js';
import { gateInput } from '../gate-input.js';

interface Added {
  readonly path: string;
  readonly mode: string;
  readonly text: string;
}

function inputOf(files: readonly Added[]) {
  const diff = files.map(
    ({ path, mode, text }) =>
      `diff --git a/${path} b/${path}\nnew file mode ${mode}\nindex 0000000..1111111\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${text}\n`,
  );
  const same = { kind: 'added', oldPath: null, oldMode: null, added: 1, deleted: 0, binary: false } as const;
  const changes = files.map(
    ({ path, mode, text }): Change => ({ ...same, path, mode, bytes: text.length, oldBytes: 0, filter: null }),
  );
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const nowhere = { root: '/nowhere', readFile: async () => null, run: async () => Promise.reject(new Error('no')) };
  return gateInput(Object.assign(Object.create(null), nowhere), {
    ...{ changes, diff: diff.join('') },
    readText: async (path) => texts.get(path) ?? null,
    listPaths: async () => files.map(({ path }) => path),
  });
}

/** What the processor did for this process until now, in ms: a busy machine takes none of it. */
function workedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** The most that was worked while nobody else had a turn, in ms, and what was said. */
async function longestStall(files: readonly Added[]) {
  const input = inputOf(files);
  let [worst, last] = [0, workedMs()];
  const others = setInterval(() => {
    worst = Math.max(worst, workedMs() - last);
    last = workedMs();
  }, 5);
  const result = await createChangePolicyGate().check(input, {});
  clearInterval(others);
  return { worst: Math.max(worst, workedMs() - last), result };
}

const many = (count: number, make: (at: string) => Added): readonly Added[] =>
  Array.from({ length: count }, (_, at) => make(String(at).padStart(6, '0')));

// Compared each with each, a change of as many files as a snapshot takes keeps everybody else waiting for minutes.
describe('a change of very many files', () => {
  it.each([
    [
      'links',
      many(20_000, (at) => ({ path: `d/${at}`, mode: '120000', text: at.endsWith('1') ? '../../x' : 'y' })),
      'stop',
    ],
    [
      'manifests',
      many(6_000, (at) => ({ path: `${at}/package.json`, mode: '100644', text: '{"scripts":{"a":"b"}}' })),
      'hold',
    ],
  ])('gives others their turn: %s', async (_, files, verdict) => {
    const { worst, result } = await longestStall(files);
    expect(result.verdict).toBe(verdict);
    expect(worst).toBeLessThan(2_500);
  });
});
