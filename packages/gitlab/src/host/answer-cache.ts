import { LRUCache } from 'lru-cache';

/** An answer to GET as it came, with its validator. */
export interface KnownAnswer {
  readonly etag: string;
  readonly response: Pick<Response, 'status' | 'ok' | 'headers'>;
  readonly text: string;
}

/** Answers with their validators, so that what didn't change isn't sent again. */
export interface AnswerCache {
  get(url: URL): KnownAnswer | null;
  /** `body` is what the text holds. */
  remember(
    url: URL,
    answer: {
      readonly response: Pick<Response, 'status' | 'ok' | 'headers'>;
      readonly text: string;
      readonly body: unknown;
    },
  ): void;
}

const mostAnswers = 500;
const longestAnswer = 512 * 1024;
/** GitLab's own, where none is asked for. */
const defaultPageSize = 20;

/** Keeps what was used last, in memory. */
export function createAnswerCache(): AnswerCache {
  const kept = new LRUCache<string, KnownAnswer>({ max: mostAnswers });
  return {
    get: (url) => kept.get(url.href) ?? null,
    remember(url, { response, text, body }) {
      kept.delete(url.href);
      const etag = response.headers.get('etag');
      // GitLab's validator speaks of the body alone: a full page stays the same when another page comes after it.
      const size = Number(url.searchParams.get('per_page') ?? defaultPageSize);
      const isFull = Array.isArray(body) && body.length >= size;
      if (etag === null || isFull || text === '' || text.length > longestAnswer) return;
      kept.set(url.href, { etag, response, text });
    },
  };
}
