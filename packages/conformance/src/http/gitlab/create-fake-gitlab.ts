import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createGitBackend } from '../../git-http/git-backend.js';
import { loadSearchPath } from '../../git-http/load-search-path.js';
import { createGitBranches, createMemoryBranches } from '../github/branches.js';
import { createHttpServer, type HttpServer } from '../server.js';
import { type HttpAnswer, type HttpRequest, json } from '../server-message.js';
import { createQuotas, type HttpQuota } from '../server-quota.js';
import { createRouter, type HttpRoutes } from '../server-routes.js';
import { accountRoutes } from './account-routes.js';
import { issueRoutes } from './issue-routes.js';
import { mergeRequestRoutes } from './merge-request-routes.js';
import { noteRoutes } from './note-routes.js';
import { createPeople, type FakeGitlabProject } from './people.js';
import type { RouteScope } from './route-scope.js';
import { createViews } from './views.js';
import { createWorld } from './world.js';

/** How a fake GitLab is made. */
export interface FakeGitlabOptions {
  /** The token that is good. Default `glpat-fakefakefakefakefake`. */
  readonly token?: string;
  /** `free` tells no difference between two descriptions. Default `premium`. */
  readonly tier?: 'free' | 'premium';
  /** Bare repositories at `<root>/<path>.git` are served over git, and their branches are real. Default: branches in memory, no git. */
  readonly gitRoot?: string;
  /** Requests a minute. Default 100,000. */
  readonly quota?: number;
  /** Epoch milliseconds, for the quota. Default: the machine's. */
  readonly now?: () => number;
}

/** A GitLab on loopback: REST over one state, as much of it as Baton asks for. Anything else is answered 599 and stands in `unexpected`. */
export interface FakeGitlab extends HttpServer {
  readonly token: string;
  /** Baton's own account: the bot of a project access token. */
  readonly self: { readonly id: number; readonly username: string };
  /** Grows with every write, of the same again too. */
  readonly changes: number;
  /** Commands to GitLab that stood in what somebody wrote: it obeys them, and takes them out of the text. */
  readonly quickActions: readonly string[];
  /** The project, made where there is none. */
  project(path: string): FakeGitlabProject;
  addBot(username: string): { readonly id: number; readonly username: string };
  /** Deletes an account: what it did is given to GitLab's ghost. */
  removeAccount(username: string): void;
  /** From now on the token is refused. */
  revokeToken(): void;
  setQuota(quota: Partial<HttpQuota>): void;
}

/** Starts a fake GitLab, at a port of its own. */
export async function createFakeGitlab(options: FakeGitlabOptions = {}): Promise<FakeGitlab> {
  const { token = `glpat-${'fake'.repeat(5)}`, gitRoot, tier = 'premium', now = () => Date.now() } = options;
  const world = createWorld();
  const quotas = createQuotas(options.quota ?? 100_000, now);
  const people = new Map<number, FakeGitlabProject>();
  const self = world.user('project_1_bot', true);
  const git = gitRoot === undefined ? null : createGitBackend(gitRoot, loadSearchPath());
  let isRevoked = false;
  // The port is known once the server listens, and no route is asked before.
  let find: ReturnType<typeof createRouter> = () => null;
  const dispatch = async (request: HttpRequest): Promise<HttpAnswer> => {
    const route = find(request.method, request.path);
    if (!route) throw new Error('no such route');
    return route.handler({ ...request, params: route.params });
  };
  const server = await createHttpServer({
    routes: Object.fromEntries(['GET', 'POST', 'PUT', 'DELETE'].map((method) => [`${method} /:path*`, dispatch])),
    before(request) {
      const given = request.headers['private-token'] ?? request.headers['authorization']?.replace(/^Bearer /, '');
      if (isRevoked || given !== token) return json({ message: '401 Unauthorized' }, 401);
      if (!quotas.spend('api')) return { status: 429, headers: { 'retry-after': '60' }, body: 'Retry later\n' };
      if (request.method !== 'GET' && request.path !== '/api/graphql') world.changes += 1;
      return null;
    },
    after(answer) {
      const { limit, remaining, resetAt } = quotas.get('api');
      const quota = { 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-reset': resetAt };
      const headers = Object.fromEntries(Object.entries(quota).map(([name, value]) => [name, String(value)]));
      return { ...answer, headers: { ...headers, ...answer.headers } };
    },
    raw: (request, url, response) => (git && /\.git\//.test(url.pathname) ? serveGit(request, url, response) : null),
  });
  const { origin } = server;
  const scope: RouteScope = { world, views: createViews(origin), self, origin, premium: tier === 'premium' };
  const routes: HttpRoutes = {
    ...accountRoutes(scope),
    ...issueRoutes(scope),
    ...noteRoutes(scope),
    ...mergeRequestRoutes(scope),
  };
  find = createRouter(routes);
  const serveGit = async (request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> => {
    const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const credential = Buffer.from(encoded, 'base64').toString('utf8');
    if (!isRevoked && credential === `oauth2:${token}`) return git?.serve(request, url, response);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"', connection: 'close' }).end();
  };
  const close = async (): Promise<void> => {
    await server.close();
    await git?.close();
  };
  return {
    ...server,
    token,
    self,
    get changes() {
      return world.changes;
    },
    quickActions: world.quickActions,
    project(path) {
      const found = [...world.projects.values()].find((each) => each.path === path);
      const stored =
        found ??
        world.addProject(
          path,
          gitRoot === undefined ? createMemoryBranches('main') : createGitBranches(join(gitRoot, `${path}.git`)),
        );
      const actions = people.get(stored.id) ?? createPeople(world, stored);
      people.set(stored.id, actions);
      return actions;
    },
    addBot: (username) => world.user(username, true),
    removeAccount(username) {
      const gone = world.user(username);
      Object.assign(gone, { username: 'ghost', name: 'Ghost User' });
    },
    revokeToken() {
      isRevoked = true;
    },
    setQuota: (quota) => quotas.set('api', quota),
    close,
    [Symbol.asyncDispose]: close,
  };
}
