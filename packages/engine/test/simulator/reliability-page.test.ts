import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Bug } from './bugs/bug.js';
import { bugs } from './bugs/bugs.js';
import { type InvariantName, invariants } from './invariants/all-invariants.js';
import { holdings, readPromises, renderReliabilityPage } from './reliability-page.js';

const root = new URL('../../../../', import.meta.url);

describe('the page of promises', () => {
  it('is what docs/reliability.md shows', async () => {
    const page = fileURLToPath(new URL('docs/reliability.md', root));
    await expect(renderReliabilityPage()).toMatchFileSnapshot(page);
  });

  it('says of every promise what holds it', () => {
    expect([...readPromises().keys()].filter((number) => holdings[number] === undefined)).toEqual([]);
    const empty = Object.values(holdings).filter(({ invariants, failures, beside }) => {
      return invariants.length + failures.length === 0 && beside === undefined;
    });
    expect(empty).toEqual([]);
  });

  it('has every invariant under a promise, in a file of its name', () => {
    const held = Object.values(holdings).flatMap((holding) => holding.invariants);
    expect(held.toSorted()).toEqual(Object.keys(invariants).toSorted());
    const files = held.map((name) => new URL(`packages/engine/test/simulator/invariants/${name}.ts`, root));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('shows by a planted bug that each invariant can be broken', () => {
    const broken = new Set(Object.values<Bug>(bugs).map(({ breaks }) => breaks));
    expect(Object.keys(invariants).filter((name) => !broken.has(name as InvariantName))).toEqual([]);
  });

  it('names every failure that others met', () => {
    const page = readFileSync(new URL('docs/failures.md', root), 'utf8');
    const met = [...page.matchAll(/^## (G\d+):/gm)].map(([, id]) => id);
    const named = new Set(Object.values(holdings).flatMap(({ failures }) => failures));
    expect(met.filter((id) => id === undefined || !named.has(id))).toEqual([]);
  });
});
