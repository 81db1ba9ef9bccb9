import { createSentSecrets, type Gateway, readQuota } from '@baton/adapter-kit';
import type { AdapterHost, CallOptions, Runtime } from '@baton/core';
import { BatonError } from '@baton/core';
import { createAppAuth } from '@octokit/auth-app';
import { retry } from '@octokit/plugin-retry';
import { Octokit } from '@octokit/rest';
import type { z } from 'zod';
import type { GithubAnswer } from './answer.js';
import { createConditionalReads } from './conditional-reads.js';
import { createGithubFetch } from './fetch.js';
import {
  answerOf,
  isForPeople,
  mapError,
  misshapen,
  rateLimited,
  resetOf,
  retryAtOf,
  unreadable,
} from './map-error.js';
import { createPageGuard } from './page-guard.js';
import { type GraphqlParts, readGraphql } from './read-graphql.js';

/** What Baton is to GitHub. */
export type GithubCredentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'app'; readonly id: number; readonly installation: number; readonly privateKey: string };

/** What every request says of itself. */
export interface GithubCall extends CallOptions {
  /** Completes "the request to …": no value, no secret. */
  readonly what: string;
  /** Default `job`. */
  readonly priority?: 'job' | 'poll';
  /** Statuses that are answers here, not errors; `data` is then GitHub's message. */
  readonly accept?: readonly number[];
  /** Of a GraphQL operation. Default: none but those that aren't there. */
  readonly takesParts?: GraphqlParts;
  /** Hands a redirect out in the place of following it. Default false. */
  readonly keepsRedirect?: boolean;
}

/** GitHub, asked through the gateway. Every failure is a `BatonError`; an abort rejects with its reason. */
export interface GithubClient {
  readonly gateway: Gateway;
  /**
   * A request as GitHub documents it, `GET /repos/{owner}/{repo}`, with its parameters. Only reads are tried
   * again; one that was made before is made with its validator.
   */
  request(route: string, parameters: object, call: GithubCall): Promise<GithubAnswer>;
  /** The same, for the one shape. Null for 404 and 410. */
  get<Shape>(route: string, parameters: object, shape: z.ZodType<Shape>, call: GithubCall): Promise<Shape | null>;
  /** Every item of every page. Links that lead elsewhere or in circles are errors; a list is whole or an error. */
  list(route: string, parameters: object, call: GithubCall): Promise<readonly unknown[]>;
  /** The data of a GraphQL operation. What it couldn't find is null in it; every other error rejects, save by `takesParts`. */
  graphql<Shape>(document: string, variables: object, shape: z.ZodType<Shape>, call: GithubCall): Promise<Shape>;
  /** A password for git, good for an hour at least where it is a token's. */
  gitPassword(call: GithubCall): Promise<string>;
}

/** What a client is made of. */
export interface GithubClientOptions {
  readonly baseUrl: string;
  readonly credentials: GithubCredentials;
  readonly gateway: Gateway;
  readonly runtime: Runtime;
  readonly log: AdapterHost['log'];
  /** For one answer. */
  readonly timeoutMs: number;
  /** Before the second try of a read; four times as long before the third. */
  readonly retryPauseMs: number;
}

/** Does no input or output. */
export function createGithubClient(options: GithubClientOptions): GithubClient {
  const { baseUrl, credentials, gateway, runtime, log, timeoutMs, retryPauseMs } = options;
  const { origin, pathname } = new URL(baseUrl);
  const graphqlUrl = `${origin}${pathname.replace(/\/v3\/?$/, '').replace(/\/$/, '')}/graphql`;
  const sent = createSentSecrets(credentials.kind === 'token' ? { token: credentials.token } : {});
  const fetchAnswer = createGithubFetch({
    sent,
    origin,
    clock: runtime.clock,
    timeoutMs,
    onAnswer: (headers) => noteQuota(gateway, headers),
  });
  const tell =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: unknown): void =>
      log(level, String(message));
  const octokit = new (Octokit.plugin(retry))({
    baseUrl,
    userAgent: 'baton',
    request: { fetch: fetchAnswer },
    log: { debug: tell('debug'), info: tell('debug'), warn: tell('debug'), error: tell('debug') },
    retry: { retries: 2, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451], retryAfterBaseValue: retryPauseMs },
    ...(credentials.kind === 'token'
      ? { auth: credentials.token }
      : {
          authStrategy: createAppAuth,
          auth: { appId: credentials.id, installationId: credentials.installation, privateKey: credentials.privateKey },
        }),
  });

  const send = async (
    route: string,
    parameters: object,
    { what, signal, priority = 'job', accept = [], keepsRedirect = false }: GithubCall,
    kind: 'read' | 'write',
  ): Promise<GithubAnswer> => {
    // The plugin takes a number that is given here for every status, so only "never" can be said.
    const request = {
      ...(kind === 'write' ? { retries: 0 } : {}),
      ...(keepsRedirect ? { redirect: 'manual' as const } : {}),
      ...(signal ? { signal } : {}),
    };
    const task = async (): Promise<GithubAnswer> => {
      try {
        const { status, data, headers } = await octokit.request(route, { ...parameters, request });
        // Octokit hands on as text, or as nothing, what it can't read. Nothing is an answer by 204 and 302 alone.
        const isUnread = typeof data !== 'object' || data === null;
        if (status < 300 && status !== 204 && isUnread && !keepsRedirect) throw unreadable(what);
        return { status, data, headers: { ...headers } };
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof Error) concealIn(error);
        const answer = answerOf(error);
        const retryAt = answer && retryAtOf(answer, runtime.clock.now());
        if (answer && retryAt !== null && answer.headers['x-ratelimit-remaining'] !== '0') gateway.hold(retryAt);
        if (answer && accept.includes(answer.status) && !isForPeople(answer)) {
          return { status: answer.status, data: answer.message, headers: answer.headers };
        }
        throw mapError(error, what, runtime.clock.now());
      }
    };
    const resource = route.includes(graphqlUrl) ? 'graphql' : 'core';
    return gateway.run({ priority, kind, resource }, task, signal ? { signal } : {});
  };
  const concealIn = (error: Error): void => {
    const value = sent.mask(error.message);
    // The messages of some errors can't be set.
    if (value !== error.message) Object.defineProperty(error, 'message', { value });
  };
  const reads = createConditionalReads();
  const client: GithubClient = {
    gateway,
    request(route, parameters, call) {
      if (!route.startsWith('GET ')) return send(route, parameters, call, 'write');
      if (call.accept?.includes(304)) return send(route, parameters, call, 'read');
      const accept = [...(call.accept ?? []), 304];
      return reads.read(JSON.stringify([route, parameters]), (headers) =>
        send(route, { ...parameters, headers }, { ...call, accept }, 'read'),
      );
    },
    async get(route, parameters, shape, call) {
      try {
        const { data } = await client.request(route, parameters, call);
        const parsed = shape.safeParse(data);
        if (parsed.success) return parsed.data;
        throw misshapen(call.what, JSON.stringify(parsed.error.issues[0]?.path ?? []));
      } catch (error) {
        if (BatonError.is(error, 'NOT_FOUND')) return null;
        throw error;
      }
    },
    async list(route, parameters, call) {
      const found: unknown[] = [];
      const enter = createPageGuard(call.what);
      let next: string | null = null;
      do {
        const { data, headers } =
          next === null
            ? await client.request(route, { per_page: 100, ...parameters }, call)
            : await client.request(`GET ${next}`, {}, call);
        if (!Array.isArray(data)) throw misshapen(call.what, 'no list');
        found.push(...data);
        next = nextPage(String(headers['link'] ?? ''), origin, call.what);
        if (next !== null) enter(next);
      } while (next !== null);
      return found;
    },
    async graphql(document, variables, shape, call) {
      const kind = document.trimStart().startsWith('mutation') ? 'write' : 'read';
      const { data, headers } = await send(`POST ${graphqlUrl}`, { query: document, variables }, call, kind);
      const answer = readGraphql(data, { ...call, conceal: sent.mask });
      if (answer.isLimited) {
        const reset = headers['x-ratelimit-reset'];
        throw rateLimited(resetOf(reset === undefined ? reset : String(reset), runtime.clock.now()), call.what);
      }
      const parsed = shape.safeParse(answer.data);
      if (parsed.success) return parsed.data;
      throw misshapen(call.what, JSON.stringify(parsed.error.issues[0]?.path ?? []));
    },
    async gitPassword({ what, signal }) {
      if (credentials.kind === 'token') return credentials.token;
      try {
        const made: unknown = await octokit.auth({ type: 'installation' });
        signal?.throwIfAborted();
        if (typeof made === 'object' && made !== null && 'token' in made && typeof made.token === 'string') {
          sent.learn('token', made.token);
          return made.token;
        }
        throw misshapen(what, 'no token');
      } catch (error) {
        signal?.throwIfAborted();
        throw mapError(error, what, runtime.clock.now());
      }
    },
  };
  return client;
}

function nextPage(link: string, origin: string, what: string): string | null {
  const target = /<([^<>]+)>\s*;[^,]*\brel="next"/.exec(link)?.[1];
  if (target === undefined) return null;
  if (URL.canParse(target) && new URL(target).origin === origin) return target;
  throw misshapen(what, 'a next page on another host');
}

function noteQuota(gateway: Gateway, headers: Headers): void {
  const quota = readQuota(headers, 'x-ratelimit-');
  if (quota !== null) gateway.note(headers.get('x-ratelimit-resource') ?? 'core', quota);
}
