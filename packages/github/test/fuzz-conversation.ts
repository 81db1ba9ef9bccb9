import { createManualClock } from '@baton/conformance';
import { type FuzzedParser, fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError, type IssueQuery, type JsonValue } from '@baton/core';
import { expect } from 'vitest';
import type { GithubClient } from '../src/host/client.js';
import { misshapen } from '../src/host/map-error.js';
import { createRepository, type Repository } from '../src/host/repository.js';

export const self = { id: '7', login: 'baton' };
const place = { owner: 'acme', name: 'shop' };
/** Of what is read in pages none has so many here. */
const mostRequests = 40;

/** Answers in turn, whatever was asked for, and the last for ever. As the real client has them. */
export function answering(answers: readonly JsonValue[], retryAt: number | null = null): GithubClient {
  let asked = 0;
  const next = (): JsonValue => {
    asked += 1;
    if (asked > mostRequests) throw new Error('It asks without an end.');
    const answer = answers[Math.min(asked, answers.length) - 1] ?? null;
    if (answer === 'away') throw new BatonError('UNAVAILABLE', 'GitHub is away.', { details: {} });
    return answer;
  };
  const client: Partial<GithubClient> = {
    async graphql(_, __, shape, { what }) {
      const parsed = shape.safeParse(next());
      if (parsed.success) return parsed.data;
      throw misshapen(what, 'odd');
    },
    async get(_, __, shape, { what }) {
      const answer = next();
      if (answer === null) return null;
      const parsed = shape.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw misshapen(what, 'odd');
    },
    async list(_, __, { what }) {
      const answer = next();
      if (Array.isArray(answer)) return answer;
      throw misshapen(what, 'no list');
    },
    async request() {
      const answer = next();
      const told = typeof answer === 'object' && answer !== null && 'status' in answer ? answer : { data: answer };
      const { status: said, data = null, headers = {} } = Object(told);
      const status = Number.isInteger(said) ? said : 200;
      // What is no success comes as its message.
      return { status, data: status < 400 ? data : JSON.stringify(data), headers: Object(headers) };
    },
    gateway: { admitPoll: () => retryAt } as Partial<GithubClient['gateway']> as GithubClient['gateway'],
  };
  // Whatever else a client does isn't reading.
  return client as GithubClient;
}

export function repositoryOf(answers: readonly JsonValue[], retryAt: number | null = null): Repository {
  const clock = createManualClock();
  const still = {
    async repositories() {
      clock.advance(61_000);
      return { fingerprint: 'the same' };
    },
    pulls: async () => null,
  };
  return createRepository(answering(answers, retryAt), async () => self, still, place, clock);
}

/** What one read makes of a conversation: a result, or one of our errors. */
export function conversation(
  name: string,
  samples: readonly (readonly JsonValue[])[],
  read: (repository: Repository, answers: readonly JsonValue[]) => Promise<void>,
): FuzzedParser {
  return fuzzed(
    name,
    mutatedJson(samples, 3),
    async (text) => {
      const told: unknown = JSON.parse(text);
      const answers: readonly JsonValue[] = Array.isArray(told) && told.length > 0 ? told : [null];
      try {
        await read(repositoryOf(answers), answers);
      } catch (error) {
        if (!BatonError.is(error)) throw error;
        expect(error.message.isWellFormed()).toBe(true);
        expect(error.message).not.toMatch(/\p{Cc}/u);
      }
    },
    samples.map((sample) => JSON.stringify(sample)),
  );
}

export const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
export const ann = { __typename: 'User', login: 'ann', databaseId: 5 };
export const queries: readonly IssueQuery[] = [
  { labels: ['baton'], excludeLabels: [], assignee: null },
  { labels: ['baton'], excludeLabels: [], assignee: 'ann' },
  { labels: [], excludeLabels: [], assignee: 'ann' },
];

export const user = { id: 7, login: 'baton', type: 'Bot' };
export const facts = { full_name: 'acme/shop', private: false, default_branch: 'main' };
