import { BatonError, type Brief } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../src/index.js';
import { settle } from './memory-world.js';
import { createRelay, fix } from './relay.js';

type Relay = ReturnType<typeof createRelay>;

const minute = 60_000;

/** Enough polls to begin whatever would be begun. */
async function lookOften(relay: Relay): Promise<void> {
  for (let look = 0; look < 4; look += 1) {
    relay.runtime.clock.advance(minute);
    await relay.runOnce();
  }
}

const outcomes = async (relay: Relay): Promise<readonly (string | null)[]> =>
  (await relay.jobs()).map((job) => job.outcome);

/** The label comes off and is set again, as somebody does who asks once more. */
function setLabelAgain(relay: Relay, by?: string | Parameters<Relay['source']['setLabels']>[2]): void {
  const labels = relay.source.comments('1').length > 0 ? ['baton:working'] : [];
  relay.source.setLabels('1', labels, by);
  relay.source.setLabels('1', [...labels, 'baton'], by);
}

/** A job whose first turn hangs until a person cancels it, and what happens to its issue meanwhile. */
async function cancelWhileItRuns(meanwhile: (relay: Relay) => void): Promise<Relay> {
  let turns = 0;
  const relay = createRelay((turn, key) => (++turns === 1 ? new Promise(() => {}) : fix(turn, key)));
  relay.source.seed({ labels: ['baton'], body: 'teh' });
  const baton = relay.create();
  const ran = baton.runOnce();
  await settle();
  relay.runtime.clock.advance(minute);
  meanwhile(relay);
  relay.runtime.clock.advance(minute);
  await baton.signal((await relay.job()).id, { type: 'cancel', data: null });
  for (let second = 0; second < 3; second += 1) {
    await settle();
    relay.runtime.clock.advance(1_000);
  }
  await ran;
  await baton.stop();
  return relay;
}

describe('what the end saw begins no other job', () => {
  it('a text that was mended while the request was open, which was closed then', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'], body: 'teh' });
    await relay.runOnce();
    relay.runtime.clock.advance(minute);
    relay.source.edit('1', { body: 'the' });
    await relay.runOnce();
    relay.runtime.clock.advance(minute);
    relay.forge.closePull(1);
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['closed']);
  });

  it.each<[string, (relay: Relay) => void]>([
    ['a text that was edited while the job ran', (relay) => relay.source.edit('1', { body: 'the' })],
    ['a label that was set again while the job ran', (relay) => setLabelAgain(relay)],
  ])('%s, which was cancelled then', async (_, meanwhile) => {
    const relay = await cancelWhileItRuns(meanwhile);
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['cancelled']);
  });

  it('a label that was set again before the job was begun, which was cancelled then', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'], blockedBy: ['mem#2'] });
    relay.source.seed({ labels: [] });
    await relay.runOnce();
    relay.runtime.clock.advance(minute);
    setLabelAgain(relay);
    relay.runtime.clock.advance(minute);
    await relay.store.signal((await relay.job()).id, { type: 'cancel', data: null });
    await relay.runOnce();
    relay.source.closeIssue('2');
    relay.source.comment('1', 'alice', 'What now?');
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['cancelled']);
  });

  it.each([
    ['ahead of ours', 10 * minute],
    ['a year ahead of ours, by a slip of the pen', 365 * 24 * 60 * minute],
    ['behind ours', -10 * minute],
  ])('a trigger by a clock that is %s', async (_, aheadMs) => {
    const relay = createRelay(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.seed({ labels: ['baton'] });
    const source = shiftTriggers(relay, aheadMs);
    for (let look = 0; look < 6; look += 1) {
      const baton = relay.create({ projects: [{ ...relay.project, source }] });
      await baton.runOnce();
      await baton.stop();
      relay.runtime.clock.advance(minute);
      relay.source.comment('1', 'alice', 'What now?');
    }
    expect(await outcomes(relay)).toEqual(['refused']);
  });

  it('a trigger that the source saw for the first time after the job was made', async () => {
    const relay = createRelay(async () => ({ outcome: 'refused', raw: 'policy' }));
    const issue = relay.source.seed({ labels: ['baton'] });
    const source = shiftTriggers(relay, 5_000);
    const create = () => relay.create({ projects: [{ ...relay.project, source }] });
    const once = create();
    await once.runIssue(issue.key);
    await once.stop();
    const daemon = create();
    await daemon.runOnce();
    await daemon.stop();
    expect(await outcomes(relay)).toEqual(['refused']);
  });

  it('what Baton writes on the issue itself', async () => {
    const relay = createRelay(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.runtime.clock.advance(minute);
    setLabelAgain(relay, { id: 'baton', login: 'baton', kind: 'self' });
    relay.source.edit('1', { body: 'Edited.' }, { id: 'baton', login: 'baton', kind: 'self' });
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['refused']);
  });

  it('a page of a list that is older than the end', async () => {
    const relay = createRelay(async () => ({ outcome: 'refused', raw: 'policy' }));
    const { source } = relay;
    source.seed({ labels: ['baton'], body: 'teh' });
    const stale = await source.poll(relay.project.query, null);
    source.edit('1', { body: 'the' });
    await relay.runOnce();
    const late = relay.create({ projects: [{ ...relay.project, source: { ...source, poll: async () => stale } }] });
    await late.runOnce();
    await late.stop();
    expect(await outcomes(relay)).toEqual(['refused']);
  });

  it('a stranger’s edit, or the label set again by a bot that isn’t listed', async () => {
    const relay = createRelay(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.people.set('stranger', 'read');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.runtime.clock.advance(minute);
    relay.source.edit('1', { body: 'evil' }, 'stranger');
    await lookOften(relay);
    setLabelAgain(relay, { id: 'b', login: 'stale[bot]', kind: 'bot' });
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['refused']);
  });

  it('what was seen before a crash in the middle of the end', async () => {
    const relay = createRelay(async () => ({ outcome: 'refused', raw: 'policy' }));
    relay.source.seed({ labels: ['baton'] });
    // The power goes right after the look: nothing was told on the issue yet.
    const store: Relay['store'] = {
      ...relay.store,
      async record(lease, change, options) {
        const recorded = await relay.store.record(lease, change, options);
        return change.entries.some(({ type }) => type === 'last-seen') ? new Promise(() => {}) : recorded;
      },
    };
    void relay.create({ store }).runOnce();
    await settle();
    // The wall clock alone: the dead engine's heart beats no more.
    relay.runtime.clock.jump(2 * minute);
    relay.source.edit('1', { body: 'Asked for once more.' });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['refused']);
    await lookOften(relay);
    expect(await outcomes(relay), 'what came after the look is newer than it').toEqual(['refused', 'refused']);
  });
});

describe('who asks again after the end gets one job more, and no second one', () => {
  const refusing = () => {
    let turns = 0;
    return createRelay((turn, key) => (++turns === 1 ? { outcome: 'refused', raw: 'policy' } : fix(turn, key)));
  };

  it.each<[string, (relay: Relay) => void]>([
    ['by setting the label again', (relay) => setLabelAgain(relay)],
    ['by setting it again in the second of the last time, as somebody else', (relay) => setLabelAgain(relay, 'bob')],
    ['by changing the text', (relay) => relay.source.edit('1', { body: 'In other words.' })],
    ['by changing the title', (relay) => relay.source.edit('1', { title: 'In other words' }, 'bob')],
  ])('%s', async (how, ask) => {
    const relay = refusing();
    relay.source.people.set('bob', 'write');
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    expect(await outcomes(relay)).toEqual(['refused']);
    if (!how.includes('second of the last')) relay.runtime.clock.advance(minute);
    ask(relay);
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual([null, 'refused']);
    relay.forge.closePull(1);
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['closed', 'refused']);
  });

  it('whatever the clocks say', async () => {
    const relay = refusing();
    relay.source.seed({ labels: ['baton'] });
    const source = shiftTriggers(relay, -24 * 60 * minute);
    const runOnce = async () => {
      const baton = relay.create({ projects: [{ ...relay.project, source }] });
      await baton.runOnce();
      await baton.stop();
    };
    await runOnce();
    relay.runtime.clock.advance(minute);
    setLabelAgain(relay);
    for (let look = 0; look < 3; look += 1) await runOnce();
    expect(await outcomes(relay)).toEqual([null, 'refused']);
  });

  it('by setting the label again on an issue that was merged and opened again, not by editing it', async () => {
    const relay = createRelay();
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    relay.forge.merge(1);
    await relay.runOnce();
    relay.source.reopenIssue('1');
    relay.runtime.clock.advance(minute);
    relay.source.edit('1', { body: 'It is back.' });
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['merged']);
    setLabelAgain(relay);
    await lookOften(relay);
    expect(await outcomes(relay), 'the base is mended already').toEqual(['no-changes', 'merged']);
  });

  it('where the tracker could not be read at the end', async () => {
    const relay = refusing();
    relay.source.seed({ labels: ['baton'] });
    const odd = new BatonError('PROTOCOL_VIOLATION', 'odd', { details: { received: 'x' } });
    const get = relay.source.get.bind(relay.source);
    let ending = false;
    const source: Relay['source'] = {
      ...relay.source,
      async get(...request) {
        const [job] = await relay.jobs();
        ending ||= job?.phase === 'settling';
        if (ending && job?.outcome === null) throw odd;
        return get(...request);
      },
    };
    for (let look = 0; look < 12; look += 1) {
      const baton = relay.create({ projects: [{ ...relay.project, source }] });
      await baton.runOnce();
      await baton.stop();
      relay.runtime.clock.advance(10 * minute);
      relay.source.comment('1', 'alice', 'What now?');
    }
    expect(await outcomes(relay)).toEqual(['refused']);
    setLabelAgain(relay);
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual([null, 'refused']);
  });

  it('where an earlier version ended the job and noted nothing', async () => {
    const relay = refusing();
    relay.source.seed({ labels: ['baton'] });
    // What it stored: no note of what the end saw.
    const store: Relay['store'] = {
      ...relay.store,
      record: (lease, change, options) => {
        const { lastSeen: _, ...data } = change.state.data as { readonly lastSeen?: unknown };
        return relay.store.record(lease, { ...change, state: { ...change.state, data } }, options);
      },
    };
    const baton = relay.create({ store });
    await baton.runOnce();
    await baton.stop();
    expect((await relay.job()).data).not.toHaveProperty('lastSeen');
    relay.source.comment('1', 'alice', 'What now?');
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual(['refused']);
    setLabelAgain(relay);
    await lookOften(relay);
    expect(await outcomes(relay)).toEqual([null, 'refused']);
    expect(viewJob(await relay.job()).phase).toBe('reviewing');
  });
});

/** A host whose clock is so far ahead of ours. */
function shiftTriggers({ source }: Relay, aheadMs: number): Relay['source'] {
  const shift = (brief: Brief): Brief => ({
    ...brief,
    trigger: { ...brief.trigger, at: brief.trigger.at + aheadMs },
    laterEdits: brief.laterEdits.map((edit) => ({ ...edit, at: edit.at + aheadMs })),
  });
  return {
    ...source,
    brief: async (...request) => {
      const found = await source.brief(...request);
      return found && shift(found);
    },
  };
}
