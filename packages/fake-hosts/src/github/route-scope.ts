import type { HttpAnswer, HttpRequest } from '../server-message.js';
import { json } from '../server-message.js';
import type { Access } from './access.js';
import type { HostState } from './host-state.js';
import type { StoredActor, StoredIssue, StoredRepository } from './model.js';
import type { Views } from './views.js';

/** What the routes of the fake share. */
export interface RouteScope {
  readonly host: HostState;
  readonly views: Views;
  /** The account of the credentials that came with the requests. */
  readonly self: StoredActor;
  readonly origin: string;
  /** Names that repositories once had, lower-cased, and what they are called now. */
  readonly renamed: ReadonlyMap<string, string>;
  /** What the credentials may do. */
  readonly access: Access;
}

export const notFound: HttpAnswer = json({ message: 'Not Found', status: '404' }, 404);

/** What GitHub says of a request that makes no sense. */
export function invalid(...errors: readonly Readonly<Record<string, string>>[]): HttpAnswer {
  return json({ message: 'Validation Failed', errors, status: '422' }, 422);
}

/** Runs a handler on the repository that the path names; 404 where there is none, 301 or 307 where it was renamed. */
export function withRepository(
  scope: RouteScope,
  handler: (repository: StoredRepository, request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
): (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> {
  return (request) => {
    const name = `${request.params['owner']}/${request.params['repo']}`.toLowerCase();
    const moved = scope.renamed.get(name);
    const current = moved === undefined ? undefined : scope.host.repositories.get(moved.toLowerCase());
    if (current) return redirect(scope, request, current);
    const repository = scope.host.repositories.get(name);
    return repository ? handler(repository, request) : notFound;
  };
}

/** The same with an issue; 410 where it was deleted, 301 where it was transferred. */
export function withIssue(
  scope: RouteScope,
  handler: (issue: StoredIssue, repository: StoredRepository, request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
): (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> {
  return withRepository(scope, (repository, request) => {
    const issue = repository.issues.get(Number(request.params['number']));
    if (!issue) return notFound;
    if (issue.gone === 'deleted') return json({ message: 'This issue was deleted', status: '410' }, 410);
    if (issue.gone === null) return handler(issue, repository, request);
    const target = scope.host.repositories.get(issue.gone.repository.toLowerCase());
    const location = `${scope.origin}/api/v3/repositories/${target?.id}/issues/${issue.gone.number}`;
    return json({ message: 'Moved Permanently', url: location }, 301, { location });
  });
}

function redirect(scope: RouteScope, request: HttpRequest, repository: StoredRepository): HttpAnswer {
  const rest = request.path.replace(/^\/api\/v3\/repos\/[^/]+\/[^/]+/, '');
  const query = request.query.size === 0 ? '' : `?${request.query}`;
  const location = `${scope.origin}/api/v3/repositories/${repository.id}${rest}${query}`;
  return json({ message: 'Moved Permanently', url: location }, request.method === 'GET' ? 301 : 307, { location });
}
