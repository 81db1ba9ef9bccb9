import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defences } from './defences/all-defences.js';
import type { Defence } from './defences/defence.js';
import { allRows } from './rows/all-rows.js';
import { renderSecurityPage } from './security-page.js';

const root = new URL('../../../../', import.meta.url);
const all = Object.entries<Defence>(defences);

describe('the table of attacks', () => {
  it('is what docs/security.md shows', async () => {
    await expect(renderSecurityPage()).toMatchFileSnapshot(fileURLToPath(new URL('docs/security.md', root)));
  });

  it('leads nowhere but to files that are there', () => {
    const page = renderSecurityPage();
    const links = [...page.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = '']) => path);
    const named = [...page.matchAll(/`((?:apps|packages)\/[\w/.-]+)`/g)].map(([, path = '']) => path);
    expect([...links, ...named].filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  it('names each row once, and each defence in some row', () => {
    const ids = allRows.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    const used = new Set<string>(allRows.map(({ defence }) => defence));
    expect(all.map(([id]) => id).filter((id) => !used.has(id))).toEqual([]);
  });

  it('shows each defence by a row that names it', () => {
    const wrong = all.flatMap(([id, { proof }]) => {
      if (typeof proof === 'string') return [];
      const row = allRows.find((each) => each.id === proof.row);
      return row?.defence === id ? [] : [`${id}: ${proof.row}`];
    });
    expect(wrong).toEqual([]);
  });

  it('has a known gap for each defence that isn’t there', () => {
    const gaps = allRows.filter(({ defence }) => all.find(([id]) => id === defence)?.[1].module === null);
    expect(gaps.filter(({ gap }) => gap === undefined)).toEqual([]);
  });
});
