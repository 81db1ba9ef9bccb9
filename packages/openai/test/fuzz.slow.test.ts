import { it } from 'vitest';
import { checkAnswers } from './fuzz.js';

it('whatever a server answers is a reply that can go back, or a known failure', { timeout: 600_000 }, () => {
  for (let seed = 1; seed <= 10; seed += 1) checkAnswers(10_000, seed);
});
