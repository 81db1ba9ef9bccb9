import type { Actor } from '@baton/core';
import { BatonError } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { describeBot, type Project, pinBots, readBotPins } from '../../src/index.js';
import { foldedJob } from '../../src/job/job-data.js';
import { createProjectWorld, settle } from '../memory-world.js';
import { createRelay, fix } from '../relay.js';

const renovate: Actor = { id: '7', login: 'renovate[bot]', kind: 'bot' };
const thief: Actor = { id: '9', login: 'renovate[bot]', kind: 'bot' };

/** Accounts are there before the engine is. */
function relayOf(bots: readonly string[], accounts: readonly Actor[] = [renovate]) {
  const trust: Project['trust'] = { permission: 'write', bots, perActorPerHour: null };
  const relay = createRelay(fix, { trust });
  for (const each of accounts) relay.source.accounts.set(each.login, each);
  const checks = async (key = 'mem#1') => (await relay.create().explain(key))?.verdict.checks ?? [];
  const check = async (name: string, key = 'mem#1') => (await checks(key)).find((each) => each.check === name);
  const sources = { project: relay.project, store: relay.store, runtime: relay.runtime };
  const lookups = () => pinBots(sources);
  return { ...relay, check, lookups };
}

const outcomes = async (relay: ReturnType<typeof relayOf>) =>
  (await relay.jobs()).toReversed().map(({ outcome, phase }) => outcome ?? phase);

describe('a bot that sets work going', () => {
  it.each([
    ['its login', 'renovate[bot]'],
    ['its login in other letters', 'Renovate[bot]'],
    ['its id', '7'],
  ])('may where it is named by %s, and explain says by which id', async (_, entry) => {
    const relay = relayOf([entry], [renovate, { ...renovate, login: 'Renovate[bot]' }]);
    relay.source.seed({ labels: ['baton'], labeledBy: renovate });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['reviewing']);
    const detail = 'renovate[bot] set it going and is named under trust.bots (id 7).';
    expect(await relay.check('trust')).toMatchObject({ ok: true, detail });
  });

  it('may not where nobody named it, and is told how to name it', async () => {
    const relay = relayOf(['dependabot[bot]']);
    relay.source.people.set('7', 'admin');
    relay.source.seed({ labels: ['baton'], labeledBy: renovate });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['untrusted']);
    expect(await relay.check('trust')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('id 7'),
      wouldRunIf: 'a person sets the label, or trust.bots names renovate[bot] or 7',
    });
  });

  it('is the one that bore the login at the first start, over restarts', async () => {
    const relay = relayOf(['renovate[bot]']);
    await relay.runOnce();
    relay.source.accounts.set(thief.login, thief);
    relay.source.seed({ labels: ['baton'], labeledBy: thief });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['untrusted']);
    expect(await relay.check('trust')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('pinned to id 7 and belongs to id 9 now'),
      wouldRunIf: expect.stringContaining('trust.bots names the id that is meant'),
    });
    // Nobody knows any more which of the two was meant.
    relay.source.seed({ labels: ['baton'], labeledBy: { ...renovate, login: 'renovate-old[bot]' } });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['untrusted', 'untrusted']);
    expect((await relay.lookups()).map(describeBot)).toEqual([
      expect.objectContaining({ ok: false, detail: expect.stringContaining('was id 7') }),
    ]);
  });

  it('is refused the moment its login is another’s, before any restart', async () => {
    const relay = relayOf(['renovate[bot]']);
    const baton = relay.create();
    await baton.start();
    await settle();
    relay.source.accounts.set(thief.login, thief);
    relay.source.seed({ labels: ['baton'], labeledBy: thief });
    for (let second = 0; second < 120 && (await relay.jobs())[0]?.outcome !== 'untrusted'; second += 1) {
      await settle();
      relay.runtime.clock.advance(1_000);
    }
    await baton.stop();
    expect(await outcomes(relay)).toEqual(['untrusted']);
  });

  it('keeps being trusted where it was only renamed, and whoever named it is told', async () => {
    const relay = relayOf(['renovate[bot]']);
    await relay.runOnce();
    relay.source.accounts.clear();
    const renamed = { ...renovate, login: 'mend[bot]' };
    relay.source.accounts.set(renamed.login, renamed);
    relay.source.seed({ labels: ['baton'], labeledBy: renamed });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['reviewing']);
    expect((await relay.lookups()).map(({ kind }) => kind)).toEqual(['gone']);
  });

  it('is not trusted by a login that nobody could look up yet, and is once somebody could', async () => {
    const relay = relayOf(['renovate[bot]']);
    relay.source.failures.set('findActor', new BatonError('UNAVAILABLE', 'The tracker is down.', { details: {} }));
    relay.source.seed({ labels: ['baton'], labeledBy: renovate });
    await relay.runOnce();
    expect(await relay.check('trust')).toMatchObject({ detail: expect.stringContaining('nobody has looked up yet') });
    relay.source.failures.clear();
    await relay.runOnce();
    expect(await relay.check('trust')).toMatchObject({ ok: true });
  });

  it('is no person, whatever trust.bots calls it', async () => {
    const relay = relayOf(['mallory'], [{ id: '5', login: 'mallory', kind: 'person' }]);
    expect((await relay.lookups()).map(({ kind }) => kind)).toEqual(['no-bot']);
    relay.source.seed({ labels: ['baton'], labeledBy: { id: '5', login: 'mallory', kind: 'person' } });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['untrusted']);
  });

  it('counts by its id on the host that knows it, and on no other', async () => {
    const relay = relayOf(['7']);
    const other = createProjectWorld(relay.runtime, 'other', fix).source;
    const elsewhere = { ...other, id: 'elsewhere', findActor: async () => null };
    other.seed({ labels: ['baton'], labeledBy: renovate });
    // Pull requests are where the bot is known by its id; issues are where that id is somebody else's.
    const project: Project = { ...relay.project, source: elsewhere };
    const baton = relay.create({ projects: [project] });
    await baton.runOnce();
    await baton.stop();
    expect(await outcomes(relay)).toEqual(['untrusted']);
    expect(await readBotPins(relay.store, 'web')).toMatchObject([{ host: 'memory', entry: '7', id: '7' }]);
  });
});

describe('what no bot and no own hand sets going', () => {
  it.each<[string, Actor | string]>([
    ['a bot that nobody named', thief],
    ['Baton itself', 'baton'],
  ])('a round, by the words of %s', async (_, author) => {
    const relay = relayOf(['7'], []);
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.forge.review(1, { author, body: 'Do it again.', verdict: 'request-changes' });
    relay.runtime.clock.advance(60 * 60_000);
    await relay.runOnce();
    expect(foldedJob(await relay.job()).data.turns).toBe(1);
    relay.forge.review(1, { author: renovate, body: 'Do it again.', verdict: 'request-changes' });
    relay.runtime.clock.advance(60 * 60_000);
    await relay.runOnce();
    expect(foldedJob(await relay.job()).data.turns).toBe(2);
  });

  it('a prompt, by comments; and explain tells how many are left out', async () => {
    const relay = relayOf([], []);
    const issue = relay.source.seed({ labels: [] });
    relay.source.people.set('alice', 'write');
    relay.source.comment(issue.id, renovate, 'said by a bot');
    relay.source.comment(issue.id, 'baton', 'said by Baton');
    relay.source.comment(issue.id, 'stranger', 'said by a stranger');
    relay.source.comment(issue.id, 'alice', 'said by one who may');
    relay.source.setLabels(issue.id, ['baton'], 'alice');
    await relay.runOnce();
    const { brief } = Object(await relay.job()).data;
    const told = JSON.stringify(brief);
    expect(told).toContain('said by one who may');
    expect(told).not.toMatch(/said by (a bot|Baton|a stranger)/);
    expect(await relay.check('comments')).toMatchObject({
      ok: true,
      detail: 'The agent is told 1 comment; 2 of bots and of people who may not set work going are left out.',
    });
  });
});
