import { createMemoryStore } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { type Fact, readFact, updateFact, writeFact } from '../src/store/fact.js';
import { facts } from '../src/store/facts.js';
import { createManualRuntime } from './memory-world.js';

const pin = { entry: 'bot', host: 'memory', id: '1', login: 'bot', at: 1, takenBy: null };
const baseline = { commit: 'c', cacheKey: 'k', evidence: [{ check: 'test', knownFailures: [] }] };
const failed = { kind: 'failed', project: 'web', message: 'away', retryAt: null, request: 1 };

/** Each kind of fact, a value of it, and one that is none. */
const kinds: Readonly<Record<keyof typeof facts, readonly [fact: Fact<unknown>, written: unknown, damaged: unknown]>> =
  {
    identity: [facts.identity(), { owner: 'daemon-1', bornAt: 1 }, { owner: 'daemon-1' }],
    pause: [facts.pause(), { reason: null, at: 1 }, 'paused'],
    pollRequests: [facts.pollRequests(), { asked: 2, answered: 1, results: [failed] }, { asked: 2, answered: 1 }],
    cursor: [facts.cursor('web'), 'page 2', 2],
    agentOutage: [facts.agentOutage('web', 'a'), { until: 1, failures: 1, reason: 'busy', announced: false }, []],
    baselines: [facts.baselines('web', 'checks'), [baseline], [{ ...baseline, evidence: 'green' }]],
    begun: [facts.begun('web', '1'), [{ job: 'j', at: 1 }], [{ job: 'j' }]],
    places: [facts.places('web'), ['j'], { j: true }],
    botPins: [facts.botPins('web'), [pin], [{ ...pin, id: 1 }]],
  };

const createStore = () => createMemoryStore({ runtime: createManualRuntime(1) });

describe('facts in the store', () => {
  it.each(Object.entries(kinds))('%s is read as it was written', async (_kind, row) => {
    const [fact, written] = row;
    const store = createStore();
    expect(await readFact(store, fact)).toEqual({ value: null, version: null });
    expect(await writeFact(store, fact, { value: written, version: null })).toBe(true);
    const stored = await readFact(store, fact);
    expect(stored.value).toEqual(written);
    expect(await writeFact(store, fact, { value: null, version: null })).toBe(false);
    expect(await writeFact(store, fact, { ...stored, value: null })).toBe(true);
    expect((await readFact(store, fact)).value).toBeNull();
  });

  it('keeps what a later version added to one when it is written again', async () => {
    const store = createStore();
    await store.writeFact('begun/web/1', [{ job: 'j', at: 1, by: 'later' }], null);
    await updateFact(store, facts.begun('web', '1'), (begun) => ({ answer: null, write: begun }));
    expect((await store.readFact('begun/web/1'))?.value).toEqual([{ job: 'j', at: 1, by: 'later' }]);
  });

  it.each(Object.entries(kinds))('%s that is not what was written is never taken for one', async (_kind, row) => {
    const [fact, , damaged] = row;
    const store = createStore();
    await writeFact(store, fact, { value: damaged, version: null });
    if (fact.ifDamaged === 'refuse') {
      await expect(readFact(store, fact)).rejects.toMatchObject({
        code: 'STORE_UNREADABLE',
        message: expect.stringContaining(fact.key),
      });
    } else {
      const { value, version } = await readFact(store, fact);
      expect(value).toBeNull();
      // The next one takes its place.
      expect(await writeFact(store, fact, { value: null, version })).toBe(true);
    }
  });

  it('has no two kinds under one key', () => {
    const keys = Object.values(kinds).map(([{ key }]) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
