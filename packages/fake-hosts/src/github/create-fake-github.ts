import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createGitBranches, createMemoryBranches } from '../branches.js';
import { createGitBackend } from '../git/git-backend.js';
import { createGitFaults, type GitHttpFault, type GitVerdict, leadOn } from '../git/git-faults.js';
import { loadSearchPath } from '../git/load-search-path.js';
import { createHttpServer, type HttpServer } from '../server.js';
import { type HttpAnswer, type HttpRequest, json } from '../server-message.js';
import { createQuotas, type HttpQuota } from '../server-quota.js';
import { createRouter } from '../server-routes.js';
import { createAccess, type FakeGithubAccess, type FakeGithubPermission } from './access.js';
import { checkRoutes } from './check-routes.js';
import { createCredentials, credentialOf, type FakeGithubApp } from './credentials.js';
import { graphqlRoutes } from './graphql-routes.js';
import { createHostState } from './host-state.js';
import { issueRoutes } from './issue-routes.js';
import { createPeople, type FakeGithubRepository } from './people.js';
import { pullRoutes } from './pull-routes.js';
import { repositoryById, repositoryRoutes } from './repository-routes.js';
import type { RouteScope } from './route-scope.js';
import { createViews } from './views.js';

/** How a fake GitHub is made. */
export interface FakeGithubOptions {
  /** The token that is good. Default `ghp_fakefakefakefakefakefakefakefakefake`. */
  readonly token?: string;
  /** Baton is a GitHub App there, not a person's account. Default false. */
  readonly app?: boolean;
  /** The token is a fine-grained one, with every permission that GitHub offers for it. Default: a classic one. */
  readonly fineGrained?: boolean;
  /** Bare repositories at `<root>/<owner>/<name>.git` are served over git, and their branches are real. Default: branches in memory, no git. */
  readonly gitRoot?: string;
  /** Requests an hour. Default 5000. */
  readonly quota?: number;
  /** Epoch milliseconds, for quotas and tokens. Default: the machine's. */
  readonly now?: () => number;
}

/** A GitHub on loopback: REST and GraphQL over one state, as much of it as Baton asks for. Anything else is answered 599 and stands in `unexpected`. */
export interface FakeGithub extends HttpServer {
  /** What `baseUrl` is set to, as for GitHub Enterprise. */
  readonly baseUrl: string;
  readonly token: string;
  /** Not null where it was asked for. */
  readonly app: FakeGithubApp | null;
  /** Baton's own account. */
  readonly self: { readonly id: number; readonly login: string };
  /** Grows with every write, of the same again too. */
  readonly changes: number;
  /** The repository, made where there is none. */
  repository(fullName: string): FakeGithubRepository;
  /** The old name leads to the new one from now on. */
  rename(fullName: string, to: string): void;
  /** A token by which a person asks as they do in a browser or by `gh`; they exist from then on. */
  tokenOf(login: string): string;
  addBot(login: string): { readonly id: number; readonly login: string };
  /** Deletes an account: what it did has no author any more. */
  removeAccount(login: string): void;
  /** Every token is refused from now on that was handed out so far. */
  revokeTokens(): void;
  setQuota(resource: 'core' | 'graphql', quota: Partial<HttpQuota>): void;
  /** What an App or a fine-grained token may do from now on; what isn't named stays. */
  setPermissions(permissions: Partial<Record<FakeGithubPermission, FakeGithubAccess>>): void;
  /** What a classic token may do from now on. Before: `repo` and `workflow`. */
  setScopes(scopes: readonly string[]): void;
  /** The next request of git that matches fails so, where git is served. */
  failNextGit(fault: GitHttpFault): void;
}

const archived = json({ message: 'Repository was archived so is read-only.', status: '403' }, 403);
const pageForPeople: HttpAnswer = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html><title>Page not found</title>',
};

/** Starts a fake GitHub, at a port of its own. */
export async function createFakeGithub(options: FakeGithubOptions = {}): Promise<FakeGithub> {
  const { token = `ghp_${'fake'.repeat(9)}`, gitRoot, now = () => Date.now() } = options;
  const host = createHostState();
  const access = createAccess(options.app ? 'app' : options.fineGrained ? 'fine-grained' : 'classic');
  const credentials = createCredentials(token, { withApp: options.app === true, access, now });
  const quotas = createQuotas(options.quota ?? 5000, now);
  const renamed = new Map<string, string>();
  /** Where git serves repositories from that were renamed. */
  const directories = new Map<string, string>();
  const people = new Map<string, FakeGithubRepository>();
  const self = credentials.app ? host.addBot(`${credentials.app.slug}[bot]`) : host.actor('baton-account');
  const git = gitRoot === undefined ? null : createGitBackend(gitRoot, loadSearchPath());
  const gitFaults = createGitFaults();
  const resourceOf = (request: HttpRequest): string => (request.path === '/api/graphql' ? 'graphql' : 'core');
  /** Routes by token: whoever asks is who did it. */
  const routers = new Map<string, ReturnType<typeof createRouter>>();

  const server = await createHttpServer({
    routes: {
      'POST /api/graphql': (request) => dispatch(request),
      ...Object.fromEntries(
        ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) => [
          [`${method} /api/v3/repositories/:id`, (request: HttpRequest) => byId(request)],
          [`${method} /api/v3/repositories/:id/:rest*`, (request: HttpRequest) => byId(request)],
          [`${method} /:path*`, (request: HttpRequest) => dispatch(request)],
        ]),
      ),
    },
    before(request) {
      const refused = credentials.check(request);
      if (refused || request.path.startsWith('/logs/')) return refused;
      if (quotas.spend(resourceOf(request))) return null;
      const message = 'API rate limit exceeded for user ID 1.';
      if (resourceOf(request) === 'core') return json({ message, documentation_url: 'https://docs.github.com' }, 403);
      return json({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] });
    },
    after(answer, request, counted) {
      const resource = resourceOf(request);
      if (!counted) quotas.refund(resource);
      const { limit, remaining, resetAt } = quotas.get(resource);
      const headers = {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(remaining),
        'x-ratelimit-reset': String(resetAt),
        'x-ratelimit-resource': resource,
        ...(access.scopes === null ? {} : { 'x-oauth-scopes': access.scopes.join(', ') }),
      };
      return { ...answer, headers: { ...headers, ...answer.headers } };
    },
    raw: (request, url, response) =>
      /^\/[^/]+\/[^/]+\.git\//.test(url.pathname) ? serveGit(request, url, response) : null,
  });
  const scope: RouteScope = { host, views: createViews(server.origin), self, origin: server.origin, renamed, access };
  const routerOf = (asked: RouteScope): ReturnType<typeof createRouter> =>
    createRouter({
      ...credentials.routes,
      ...repositoryRoutes(asked),
      ...issueRoutes(asked),
      ...pullRoutes(asked),
      ...checkRoutes(asked),
      ...graphqlRoutes(asked),
    });
  const own = routerOf(scope);
  const dispatch = async (request: HttpRequest): Promise<HttpAnswer> => {
    // What stands outside of the interface is for people.
    if (!/^\/(?:api\/v3|api\/graphql|logs)(?:\/|$)/.test(request.path)) return pageForPeople;
    const find = routers.get(credentialOf(request.headers['authorization'])) ?? own;
    const route = find(request.method, request.path);
    if (!route) throw new Error('no such route');
    const { owner, repo } = route.params;
    const repository = host.repositories.get(`${owner}/${repo}`.toLowerCase());
    const refused = access.refuse(request, repository);
    if (refused) return refused;
    if (request.method !== 'GET' && repository?.archived) return archived;
    return route.handler({ ...request, params: route.params });
  };
  const byId = async (request: HttpRequest): Promise<HttpAnswer> => {
    const path = repositoryById(scope, request);
    return typeof path === 'string' ? dispatch({ ...request, path }) : path;
  };
  const serveGit = async (request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> => {
    const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const password = /:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1] ?? '';
    const name = /^\/([^/]+\/[^/]+)\.git\//.exec(url.pathname)?.[1] ?? '';
    const to = renamed.get(name.toLowerCase());
    if (to !== undefined)
      return leadOn(response, `${server.origin}/${to}.git${url.pathname.slice(name.length + 5)}${url.search}`);
    const directory = directories.get(name.toLowerCase());
    if (directory !== undefined) url.pathname = `/${directory}.git${url.pathname.slice(name.length + 5)}`;
    const repository = host.repositories.get(name.toLowerCase());
    const judge = (pushes: boolean): GitVerdict => {
      if (!credentials.allows(password)) return 401;
      if (pushes && repository?.archived) return 'This repository was archived so it is read-only.';
      return access.allows('contents', pushes ? 'write' : 'read', repository) ? 200 : 403;
    };
    if (git) return gitFaults.serve(git, { request, url, response }, judge);
    // Without repositories only the look before a push is answered.
    const pushes = url.searchParams.get('service') === 'git-receive-pack';
    const verdict = judge(pushes);
    response
      .writeHead(typeof verdict === 'string' ? 403 : verdict, {
        'content-type': 'application/x-git-receive-pack-advertisement',
      })
      .end();
  };
  const close = async (): Promise<void> => {
    await server.close();
    await git?.close();
  };
  return {
    ...server,
    baseUrl: `${server.origin}/api/v3`,
    token,
    app: credentials.app,
    self,
    get changes() {
      return host.changes;
    },
    repository(fullName) {
      const key = fullName.toLowerCase();
      const found = people.get(key);
      if (found) return found;
      const branches =
        gitRoot === undefined ? createMemoryBranches('main') : createGitBranches(join(gitRoot, `${fullName}.git`));
      const made = createPeople(host, host.addRepository(fullName, branches));
      people.set(key, made);
      return made;
    },
    rename(fullName, to) {
      const stored = host.repositories.get(fullName.toLowerCase());
      const actions = people.get(fullName.toLowerCase());
      if (!stored || !actions) throw new Error(`there is no repository ${fullName}`);
      host.repositories.delete(fullName.toLowerCase());
      stored.fullName = to;
      host.repositories.set(to.toLowerCase(), stored);
      people.set(to.toLowerCase(), actions);
      renamed.set(fullName.toLowerCase(), to);
      directories.set(to.toLowerCase(), directories.get(fullName.toLowerCase()) ?? fullName);
    },
    tokenOf(login) {
      const made = `ghp_${createHash('sha256').update(login).digest('hex').slice(0, 36)}`;
      credentials.add(made);
      routers.set(made, routerOf({ ...scope, self: host.actor(login) }));
      return made;
    },
    addBot: (login) => host.addBot(login),
    removeAccount(login) {
      host.actor(login).ghost = true;
    },
    revokeTokens: credentials.revoke,
    setQuota: quotas.set,
    setPermissions: access.setPermissions,
    setScopes: access.setScopes,
    failNextGit: gitFaults.add,
    clearFaults() {
      server.clearFaults();
      gitFaults.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
