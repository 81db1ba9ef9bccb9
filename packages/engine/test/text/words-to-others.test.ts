import type { Actor, Feedback } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { asksForWork } from '../../src/review/asks-for-work.js';
import { createRelay, type Turns } from '../relay.js';

const accounts: Readonly<Record<string, Actor['kind']>> = {
  carol: 'person',
  'ci-bot': 'bot',
  helper: 'self',
  'app[bot]': 'self',
};
const forge = {
  findActor: async (login: string): Promise<Actor | null> => {
    const kind = accounts[login];
    return kind === undefined ? null : { id: login, login, kind };
  },
};
const said = (body: string, more: Partial<Feedback> = {}) =>
  asksForWork({ body, verdict: 'comment', path: null, ...more }, forge);

describe('what is said below a pull request', () => {
  it.each([
    'Thanks, looks good to me!',
    'LGTM 👍',
    ':tada: Nice work! Thank you so much.',
    '/retest',
    '/retest\n/lgtm cancel',
    '@carol can you have a look at this one on Monday?',
    '@carol, @ci-bot: please look.',
    '@nobody-here please look.',
    '> The greeting is missing.\n\nThanks!',
    '> Please rename it.',
    '  \n',
    '👍',
  ])('asks for nothing where it is for others, or only thanks: %j', async (body) => {
    expect(await said(body)).toBe(false);
  });

  it.each([
    'The greeting is missing: please add it.',
    'Thanks! Please rename it, though.',
    'Looks good but for the name.',
    '/src/greeting.txt is empty.',
    '/retest\nand please rename it',
    '@helper please rename it',
    '@carol @helper please rename it',
    '@acme/reviewers please rename it',
    '@baton please rename it',
    '@app please rename it',
    'Ask @carol what she means, and rename it.',
    '> I renamed it.\n\nNot everywhere.',
    'Not good',
  ])('asks for work where it may: %j', async (body) => {
    expect(await said(body)).toBe(true);
  });

  it('asks where it is said of a line or with a verdict, and never with an approval', async () => {
    expect(await said('Thanks!', { path: 'app.txt' })).toBe(true);
    expect(await said('@carol look', { verdict: 'request-changes' })).toBe(true);
    expect(await said('Please rename it.', { verdict: 'approve' })).toBe(false);
    expect(await said('', { verdict: 'request-changes' })).toBe(false);
  });

  it('takes no time for words that are long', async () => {
    for (const text of ['thanks '.repeat(50_000), '@a '.repeat(50_000), '👍'.repeat(50_000), '/a\n'.repeat(50_000)]) {
      await said(text);
    }
  });

  it('asks where accounts can not be looked up by name', async () => {
    expect(await asksForWork({ body: '@carol look', verdict: 'comment', path: null }, {})).toBe(true);
  });
});

describe('a pull request below which people talk to others', () => {
  it('begins no round for it, and has rounds left for what is asked', async () => {
    let turns = 0;
    const improve: Turns = async ({ workspace }) => {
      await workspace.writeFile('app.txt', `mended ${++turns}\n`);
      return {};
    };
    const relay = createRelay(improve);
    for (const login of ['bob', 'carol']) relay.source.people.set(login, 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const say = async (body: string): Promise<void> => {
      relay.forge.review(1, { body, verdict: 'comment', author: 'bob' });
      relay.runtime.clock.advance(60_000);
      await relay.runOnce();
    };
    for (const body of ['Thanks, looks good to me!', '/retest', '@carol can you have a look?']) await say(body);
    expect(turns).toBe(1);
    await say('The greeting is missing: please add it.');
    expect(turns).toBe(2);
    expect(await relay.job()).toMatchObject({ phase: 'reviewing', round: 2 });
  });
});
