import type { JournalEntry } from '@baton/core';
import { describe, expect, it } from 'vitest';
import type { BatonOptions } from '../src/index.js';
import { createManualRuntime, createProjectWorld, settle } from './memory-world.js';
import { createRelay } from './relay.js';

const minute = 60_000;

/** Two engines on one store, each configured for a project of its own: `web`, whose job waits for a person, and `other`. */
async function twoEngines() {
  const relay = createRelay(async () => ({ outcome: 'needs-person', raw: 'asked', summary: 'Which fruit?' }));
  relay.source.seed({ labels: ['baton'] });
  const elsewhere = createProjectWorld(createManualRuntime(2), 'other', () => ({})).project;
  const go = async (forMs: number): Promise<void> => {
    for (let passed = 0; passed < forMs; passed += 1_000) {
      await settle();
      relay.runtime.clock.advance(1_000);
    }
    await settle();
  };
  const start = async (over: Partial<BatonOptions>) => {
    const baton = relay.create(over);
    const started = baton.start();
    await relay.drive(started);
    await started;
    return baton;
  };
  const journal = async (): Promise<readonly JournalEntry[]> =>
    Array.fromAsync(relay.store.journal((await relay.job()).id, 0));
  const stop = (...batons: readonly Awaited<ReturnType<typeof start>>[]): Promise<void> =>
    relay.drive(Promise.all(batons.map((baton) => baton.stop())));
  return {
    ...{ relay, go, journal, stop },
    web: () => start({}),
    other: () => start({ projects: [elsewhere] }),
    renamed: () => start({ projects: [{ ...relay.project, name: 'web2' }] }),
  };
}

const typesOf = (entries: readonly JournalEntry[]): readonly string[] => entries.map(({ type }) => type);

describe('engines on one store that are configured for different projects', () => {
  it('leave one another’s jobs alone', async () => {
    const { relay, go, journal, stop, ...engines } = await twoEngines();
    const [web, other] = [await engines.web(), await engines.other()];
    await go(10 * minute);
    expect(typesOf(await journal())).not.toContain('strayed');
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    await other.signal((await relay.job()).id, { type: 'cancel', data: null });
    await go(2 * minute);
    expect(typesOf(await journal())).not.toContain('strayed');
    expect(await relay.job()).toMatchObject({ phase: 'cancelled', outcome: 'cancelled' });
    // Whoever knows its tracker told there what became of it.
    expect((await journal()).at(-1)).toMatchObject({ type: 'settled', data: { ok: true, shown: 'none 1' } });
    await stop(web, other);
  });

  it('leave alone what another one knows by the name of before', async () => {
    const { relay, go, journal, stop, ...engines } = await twoEngines();
    const [web, renamed] = [await engines.web(), await engines.renamed()];
    await go(10 * minute);
    expect((await relay.job()).project).toBe('web');
    expect(typesOf(await journal())).not.toContain('moved');
    await stop(web);
    await go(2 * minute);
    expect((await relay.job()).project).toBe('web2');
    await stop(renamed);
  });

  it('take a job to be without a project once nobody who knows it is at work, and give it back', async () => {
    const { relay, go, journal, stop, ...engines } = await twoEngines();
    const [web, other] = [await engines.web(), await engines.other()];
    await go(minute);
    await stop(web);
    await go(2 * minute);
    expect(typesOf(await journal()).filter((type) => type === 'strayed')).toHaveLength(1);
    const again = await engines.web();
    await go(10 * minute);
    expect(typesOf(await journal()).filter((type) => type === 'strayed' || type === 'moved')).toEqual([
      'strayed',
      'moved',
    ]);
    expect(await relay.job()).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    await stop(again, other);
  });

  it('have a job without a project from the moment in which the last that knew it is configured for others', async () => {
    const { relay, go, journal, stop, ...engines } = await twoEngines();
    const [web, other] = [await engines.web(), await engines.other()];
    await go(minute);
    const elsewhere = createProjectWorld(createManualRuntime(3), 'third', () => ({})).project;
    web.reconfigure({ projects: [elsewhere] });
    await go(2 * minute);
    expect(typesOf(await journal()).filter((type) => type === 'strayed')).toHaveLength(1);
    expect((await relay.job()).project).toBe('web');
    await stop(web, other);
  });
});
