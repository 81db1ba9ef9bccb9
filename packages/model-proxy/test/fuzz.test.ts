import { describe, it } from 'vitest';
import { fuzzAnswers, fuzzRequests } from './fuzz-requests.js';

describe('whatever is sent', () => {
  it('as a request is refused or passes as it was judged, and harms nothing', () => fuzzRequests(2_000, 17));
  it('as an answer is read without a throw, and comes without the key', () => fuzzAnswers(2_000, 17));
});
