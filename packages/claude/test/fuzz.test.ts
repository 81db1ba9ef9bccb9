import { it } from 'vitest';
import { checkAnswers } from './fuzz.js';

it('whatever the API answers is a reply that can go back, or a known failure', () => {
  checkAnswers(2_000, 20_260_101);
});
