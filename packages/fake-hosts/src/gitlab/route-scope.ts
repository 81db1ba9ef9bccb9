import { fieldOf, type HttpAnswer, type HttpRequest, json, textField } from '../server-message.js';
import { pageOf } from '../server-page.js';
import type { HttpHandler } from '../server-routes.js';
import type { HostState } from './host-state.js';
import type { StoredIssue, StoredMergeRequest, StoredProject, StoredUser } from './model.js';
import type { Views } from './views.js';

/** What the routes share. */
export interface RouteScope {
  readonly host: HostState;
  readonly views: Views;
  readonly self: StoredUser;
  readonly origin: string;
  /** What a description's diff shows is for Premium alone. */
  readonly premium: boolean;
}

const notFound = json({ message: '404 Not found' }, 404);
const projectNotFound = json({ message: '404 Project Not Found' }, 404);

/** A handler that is given the project of the request, by its number or its path. */
export function withProject(
  { host, origin }: RouteScope,
  handler: (project: StoredProject, request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
): HttpHandler {
  return (request) => {
    const id = request.params['id'] ?? '';
    const path = id.toLowerCase();
    const all = [...host.projects.values()];
    const found = all.find((each) => String(each.id) === id || each.path.toLowerCase() === path);
    if (found?.archived && request.method !== 'GET') return json({ message: '403 Forbidden' }, 403);
    if (found) return found.hidden ? projectNotFound : handler(found, request);
    const moved = all.find(({ formerPaths }) => formerPaths.some((each) => each.toLowerCase() === path));
    if (!moved) return projectNotFound;
    if (request.method !== 'GET')
      return json({ message: '405 Non GET methods are not allowed for moved projects' }, 405);
    const rest = request.path.replace(/^\/api\/v4\/projects\/[^/]+/, '');
    const location = `${origin}/api/v4/projects/${moved.id}${rest}?${request.query}`;
    return { status: 302, headers: { location }, body: 'This resource has been moved temporarily' };
  };
}

/** A handler that is given an issue. */
export function withIssue(
  scope: RouteScope,
  handler: (found: { readonly project: StoredProject; readonly item: StoredIssue }, request: HttpRequest) => HttpAnswer,
): HttpHandler {
  return withProject(scope, (project, request) => {
    const item = project.issues.get(Number(request.params['iid']));
    return item ? handler({ project, item }, request) : notFound;
  });
}

/** A handler that is given a merge request. */
export function withMergeRequest(
  scope: RouteScope,
  handler: (
    found: { readonly project: StoredProject; readonly item: StoredMergeRequest },
    request: HttpRequest,
  ) => HttpAnswer | Promise<HttpAnswer>,
): HttpHandler {
  return withProject(scope, (project, request) => {
    const item = project.mergeRequests.get(Number(request.params['iid']));
    return item ? handler({ project, item }, request) : notFound;
  });
}

/** One page of a list, as GitLab hands it out: 20 unless more are asked for. */
export function listOf(items: readonly unknown[], request: HttpRequest, origin: string): HttpAnswer {
  const query = new URLSearchParams(request.query);
  if (!query.has('per_page')) query.set('per_page', '20');
  const page = pageOf(items, { ...request, query }, origin);
  return json(page.items, 200, page.headers);
}

/** The labels that a body asks for; what isn't a list divided by commas is none. */
export function labelsField(body: unknown, name: string): readonly string[] | null {
  const text = textField(body, name);
  return text === null
    ? null
    : text
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');
}

/** The labels of an item after a request that sets, adds or removes some. */
export function labelsAfter(present: readonly string[], body: unknown): readonly string[] | null {
  const [set, added, gone] = ['labels', 'add_labels', 'remove_labels'].map((name) => labelsField(body, name));
  if (!set && !added && !gone) return null;
  return [...(set ?? present), ...(added ?? [])].filter((each) => !(gone ?? []).includes(each));
}

/** The state that a `state_event` leads to. */
export function stateAfter(event: string | null): { readonly state?: 'opened' | 'closed' } {
  if (event === 'close') return { state: 'closed' };
  return event === 'reopen' ? { state: 'opened' } : {};
}

/** A list of numbers of a body. */
export function numbersField(body: unknown, name: string): readonly number[] | null {
  const value = fieldOf(body, name);
  return Array.isArray(value) ? value.map(Number) : null;
}

export { notFound };
