import { LRUCache } from 'lru-cache';
import type { GithubAnswer } from './answer.js';

/** Answers that GitHub is asked about again with their validator: where it says 304, nothing is counted. */
export interface ConditionalReads {
  /** Asks by `send`, which is given the headers to add; the answer that stands. */
  read(key: string, send: (headers: Readonly<Record<string, string>>) => Promise<GithubAnswer>): Promise<GithubAnswer>;
}

const mostAnswers = 300;
const longestAnswer = 32 * 1024;

export function createConditionalReads(): ConditionalReads {
  const kept = new LRUCache<string, { readonly etag: string; readonly answer: GithubAnswer }>({ max: mostAnswers });
  return {
    async read(key, send) {
      const known = kept.get(key);
      const answer = await send(known ? { 'if-none-match': known.etag } : {});
      if (answer.status === 304 && known) return known.answer;
      const { etag } = answer.headers;
      const isKept = typeof etag === 'string' && Number(answer.headers['content-length'] ?? 0) <= longestAnswer;
      if (answer.status === 200 && isKept) kept.set(key, { etag, answer });
      else kept.delete(key);
      return answer;
    },
  };
}
