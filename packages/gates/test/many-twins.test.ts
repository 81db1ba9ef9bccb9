import type { Change } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { judgeTwins } from '../src/policy/judge-twins.js';

const below = (top: string, deep: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${top.repeat(deep)}${at}`);

async function heldFor(added: readonly string[], standing: readonly string[] = []): Promise<string | undefined> {
  const change = { kind: 'added', oldPath: null, mode: '100644', oldMode: null } as const;
  const changes = added.map(
    (path): Change => ({ ...change, path, added: 1, deleted: 0, binary: false, bytes: 2, oldBytes: 0, filter: null }),
  );
  const [held] = await judgeTwins({ changes, listPaths: async () => [...added, ...standing] }, undefined);
  return held?.text;
}

// Compared each with each, or each directory from the top, these take from minutes to days, and nobody else gets a turn.
describe('names that are those of others where case does not count', () => {
  it('are told where each of as many as a change may hold is one', async () => {
    const held = await heldFor([...below('dir/NAME', 1, 20_000), ...below('dir/name', 1, 20_000)]);
    expect(held).toMatch(/`dir\/(NAME|name)0` beside `dir\/(NAME|name)0`.* and 19995 more/);
  });

  it('are told where each is as deep as paths go', async () => {
    expect(await heldFor(below('A/', 150, 1_000), below('a/', 150, 1_000))).toContain(' and 995 more');
  });

  it('are for a person to look for past a bound of directories', async () => {
    const added = Array.from({ length: 200 }, (_, at) => `${at}/${'a/'.repeat(1_500)}x`);
    expect(await heldFor(added)).toContain('for 200000 at most');
  });

  it('give others their turn', async () => {
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    });
    await heldFor(below('dir/name', 1, 40_000));
    clearInterval(others);
    expect(turns).toBeGreaterThan(0);
  });
});
