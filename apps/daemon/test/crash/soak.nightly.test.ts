import { randomInt } from 'node:crypto';
import { describe, it, vi } from 'vitest';
import { soak } from './soak.js';

vi.setConfig({ maxConcurrency: 2, testTimeout: 3_600_000 });

/** `BATON_SEED=123` plays those of one night again. */
const seed = Number(process.env['BATON_SEED'] ?? randomInt(1_000_000));

describe.concurrent('many jobs through 200 lives that are killed anywhere (G1, G14, G17)', () => {
  it.each([0, 1, 2, 3])(`come to one request and one comment each: BATON_SEED=${seed}, part %i`, async (part) => {
    await soak(part % 2 === 0 ? 'github' : 'gitlab', { seed: seed * 10 + part, kills: 50, issues: 6 });
  });
});
