import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBaton } from '../../src/index.js';
import { type Bug, planted } from './bugs/bug.js';
import { bugs } from './bugs/bugs.js';
import { describeStory } from './runner/describe-story.js';
import { runMany } from './runner/run-many.js';
import { simulate } from './simulate.js';

/** More of them run with the slow tests, and as many as anybody likes by `npm run simulate`. */
const last = 100;

describe('the engine while everything goes wrong (G17)', () => {
  it(`keeps every promise in ${last} seeds`, { timeout: 300_000 }, async () => {
    expect((await runMany({ first: 1, last })).broken).toEqual([]);
  });

  it('does the same for the same seed', async () => {
    const run = async () => describeStory(await simulate({ seed: 7, createBaton }));
    expect(await run()).toBe(await run());
  });
});

describe('a planted bug', () => {
  it.each(Object.entries<Bug>(bugs))('stands where it is planted: %s', (_name, bug) => {
    const file = new URL(`../../../../${bug.file}`, import.meta.url);
    expect(planted(readFileSync(file, 'utf8'), bug)).not.toBe('');
  });
});
