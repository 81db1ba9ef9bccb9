import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { collectTests, contractCases, failures, renderFailuresPage } from './failures-page.js';

describe('the page of failures', () => {
  it('is what docs/failures.md shows', async () => {
    const page = fileURLToPath(new URL('../../docs/failures.md', import.meta.url));
    await expect(renderFailuresPage()).toMatchFileSnapshot(page);
  });

  it('has a test for each, and no test bears a name that is none', () => {
    const tests = collectTests();
    const ids = Object.keys(failures);
    expect(ids.filter((id) => !tests.has(id))).toEqual([]);
    expect([...tests.keys()].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('names no case of a contract that is none', () => {
    const titles = new Set([...collectTests().values()].flat().map(({ title }) => title));
    expect(Object.keys(contractCases).filter((id) => !titles.has(id))).toEqual([]);
  });

  it('says so where one has none', () => {
    expect(renderFailuresPage(new Map())).not.toContain('](../');
  });
});
