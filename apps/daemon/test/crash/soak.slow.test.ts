import { describe, it } from 'vitest';
import { soak } from './soak.js';

describe('many jobs through lives that are killed anywhere (G1, G14, G17)', () => {
  it('come to one request and one comment each, and to no turn paid twice', async () => {
    await soak('github', { seed: 1, kills: 10, issues: 3 });
  });
});
