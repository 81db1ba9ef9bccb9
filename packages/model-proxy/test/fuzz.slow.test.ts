import { describe, it } from 'vitest';
import { fuzzAnswers, fuzzRequests } from './fuzz-requests.js';

describe('whatever is sent, at length', () => {
  it('as a request is refused or passes as it was judged, and harms nothing', () => fuzzRequests(100_000, 4_711));
  it('as an answer is read without a throw, and comes without the key', () => fuzzAnswers(100_000, 4_711));
});
