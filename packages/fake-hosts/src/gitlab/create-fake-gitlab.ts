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
import { createRouter, type HttpRoutes } from '../server-routes.js';
import { accountRoutes } from './account-routes.js';
import type { FakeGitlabProject } from './fake-project.js';
import { createHostState } from './host-state.js';
import { issueRoutes } from './issue-routes.js';
import { mergeRequestRoutes } from './merge-request-routes.js';
import { noteRoutes } from './note-routes.js';
import { createPeople } from './people.js';
import type { RouteScope } from './route-scope.js';
import { createViews } from './views.js';

/** How a fake GitLab is made. */
export interface FakeGitlabOptions {
  /** The token that is good. Default `glpat-fakefakefakefakefake`. */
  readonly token?: string;
  /** `free` tells no difference between two descriptions. Default `premium`. */
  readonly tier?: 'free' | 'premium';
  /** Bare repositories at `<root>/<path>.git` are served over git, and their branches are real. Default: branches in memory, no git. */
  readonly gitRoot?: string;
  /**
   * So long after its last change a note doesn't show in the `updated_at` of its issue or merge request: a minute
   * on a real GitLab. Default 0.
   */
  readonly touchIntervalMs?: number;
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
  /** Grows with every write that changes something, and with a note that is written again as it was. */
  readonly changes: number;
  /** Commands to GitLab that stood in what somebody wrote: it obeys them, and takes them out of the text. */
  readonly quickActions: readonly string[];
  /** The project, made where there is none. */
  project(path: string): FakeGitlabProject;
  /** A token by which a person asks as they do in a browser or by `glab`; they exist from then on. */
  tokenOf(username: string): string;
  addBot(username: string): { readonly id: number; readonly username: string };
  /** Deletes an account: what it did is given to GitLab's ghost. */
  removeAccount(username: string): void;
  /** From now on the token is refused. */
  revokeToken(): void;
  setQuota(quota: Partial<HttpQuota>): void;
  /** What the token may do from now on. Before: `api`. */
  setScopes(scopes: readonly string[]): void;
  /** The next request of git that matches fails so, where git is served. */
  failNextGit(fault: GitHttpFault): void;
}

/** Starts a fake GitLab, at a port of its own. */
export async function createFakeGitlab(options: FakeGitlabOptions = {}): Promise<FakeGitlab> {
  const { token = `glpat-${'fake'.repeat(5)}`, gitRoot, tier = 'premium', now = () => Date.now() } = options;
  const host = createHostState(options.touchIntervalMs);
  const quotas = createQuotas(options.quota ?? 100_000, now);
  const people = new Map<number, FakeGitlabProject>();
  const self = host.user('project_1_bot', true);
  const git = gitRoot === undefined ? null : createGitBackend(gitRoot, loadSearchPath());
  const gitFaults = createGitFaults();
  let isRevoked = false;
  let scopes: readonly string[] = ['api'];
  // The port is known once the server listens, and no route is asked before.
  let own: ReturnType<typeof createRouter> = () => null;
  /** Routes by token: whoever asks is who did it. */
  const routers = new Map<string, ReturnType<typeof createRouter>>();
  const dispatch = async (request: HttpRequest): Promise<HttpAnswer> => {
    const find = routers.get(tokenIn(request) ?? '') ?? own;
    const route = find(request.method, request.path);
    if (!route) throw new Error('no such route');
    return route.handler({ ...request, params: route.params });
  };
  const server = await createHttpServer({
    routes: Object.fromEntries(['GET', 'POST', 'PUT', 'DELETE'].map((method) => [`${method} /:path*`, dispatch])),
    before(request) {
      const given = tokenIn(request);
      if (isRevoked || (given !== token && !routers.has(given ?? '')))
        return json({ message: '401 Unauthorized' }, 401);
      const missing = missingScope(request, scopes);
      if (missing) return missing;
      if (!quotas.spend('api')) return { status: 429, headers: { 'retry-after': '60' }, body: 'Retry later\n' };
      if (isChange(request)) host.changes += 1;
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
  const premium = tier === 'premium';
  const scope: RouteScope = { host, views: createViews(origin, premium), self, origin, premium };
  const routesOf = (asked: RouteScope): HttpRoutes => ({
    ...accountRoutes(asked),
    'GET /api/v4/personal_access_tokens/self': () =>
      json({ id: 1, name: 'baton', active: true, revoked: false, user_id: self.id, scopes, expires_at: '2027-01-01' }),
    ...issueRoutes(asked),
    ...noteRoutes(asked),
    ...mergeRequestRoutes(asked),
  });
  own = createRouter(routesOf(scope));
  const serveGit = async (request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> => {
    const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const credential = Buffer.from(encoded, 'base64').toString('utf8');
    const isGood = !isRevoked && credential === `oauth2:${token}`;
    const path = /^\/(.+?)\.git\//.exec(url.pathname)?.[1] ?? '';
    const rest = `${url.pathname.slice(path.length + 5)}${url.search}`;
    const moved = [...host.projects.values()].find(({ formerPaths }) => formerPaths.includes(path));
    if (moved) return leadOn(response, `${server.origin}/${moved.path}.git${rest}`);
    const [directory] = [...host.projects.values()].find((each) => each.path === path)?.formerPaths ?? [];
    if (directory !== undefined) url.pathname = `/${directory}.git${url.pathname.slice(path.length + 5)}`;
    if (git)
      await gitFaults.serve(git, { request, url, response }, (pushes): GitVerdict => {
        const project = [...host.projects.values()].find((each) => each.path === path);
        if (pushes && project?.archived) return 'GitLab: You are not allowed to push code to an archived project.';
        const isCovered = scopes.includes('api') || scopes.includes(pushes ? 'write_repository' : 'read_repository');
        return isGood ? (isCovered ? 200 : 403) : 401;
      });
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
      return host.changes;
    },
    quickActions: host.quickActions,
    project(path) {
      const found = [...host.projects.values()].find((each) => each.path === path);
      const stored =
        found ??
        host.addProject(
          path,
          gitRoot === undefined ? createMemoryBranches('main') : createGitBranches(join(gitRoot, `${path}.git`)),
        );
      const actions = people.get(stored.id) ?? createPeople(host, stored);
      people.set(stored.id, actions);
      return actions;
    },
    tokenOf(username) {
      const made = `glpat-${createHash('sha256').update(username).digest('hex').slice(0, 20)}`;
      routers.set(made, createRouter(routesOf({ ...scope, self: host.user(username) })));
      return made;
    },
    addBot: (username) => host.user(username, true),
    removeAccount(username) {
      const gone = host.user(username);
      Object.assign(gone, { username: 'ghost', name: 'Ghost User' });
    },
    revokeToken() {
      isRevoked = true;
    },
    setQuota: (quota) => quotas.set('api', quota),
    setScopes(given) {
      scopes = given;
    },
    failNextGit: gitFaults.add,
    clearFaults() {
      server.clearFaults();
      gitFaults.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function tokenIn({ headers }: HttpRequest): string | undefined {
  return headers['private-token'] ?? headers['authorization']?.replace(/^Bearer /, '');
}

/** What isn't known only once it was done: labels and fields may be so already. */
function isChange({ method, path }: HttpRequest): boolean {
  return (
    method !== 'GET' && path !== '/api/graphql' && !(method === 'PUT' && /(issues|merge_requests)\/\d+$/.test(path))
  );
}

/** GitLab's refusal of what the scopes of a token don't cover. Any token may ask about itself. */
function missingScope({ method, path }: HttpRequest, scopes: readonly string[]): HttpAnswer | null {
  const enough = ['api', ...(method === 'GET' ? ['read_api'] : []), ...(path === '/api/v4/user' ? ['read_user'] : [])];
  if (path === '/api/v4/personal_access_tokens/self' || enough.some((each) => scopes.includes(each))) return null;
  const description = 'The request requires higher privileges than provided by the access token.';
  return json({ error: 'insufficient_scope', error_description: description, scope: enough.join(' ') }, 403);
}
