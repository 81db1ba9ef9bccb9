import { describe, expect, it } from 'vitest';
import { createRelay, fix } from '../relay.js';

describe('of issues that wait', () => {
  it('the older one is worked first, whenever each was labelled', async () => {
    const worked: string[] = [];
    const relay = createRelay(
      (turn, key) => {
        worked.push(key);
        return fix(turn, key);
      },
      {},
      { concurrency: 1 },
    );
    const old = relay.source.seed({ labels: [] });
    relay.runtime.clock.advance(60_000);
    const young = relay.source.seed({ labels: ['baton'] });
    const baton = relay.create({ projects: [{ ...relay.project, concurrency: 0 }] });
    await baton.runOnce();
    relay.runtime.clock.advance(60_000);
    relay.source.setLabels(old.id, ['baton']);
    await baton.runOnce();
    await baton.stop();
    expect(worked).toEqual([]);
    await relay.runOnce();
    expect(worked).toEqual([old.key, young.key]);
  });
});
