import { type HttpRequest, json, textField } from '../server-message.js';
import type { HttpRoutes } from '../server-routes.js';
import type { StoredIssue, StoredProject } from './model.js';
import {
  labelsAfter,
  labelsField,
  listOf,
  numbersField,
  type RouteScope,
  stateAfter,
  withIssue,
  withProject,
} from './route-scope.js';

/** Issues, their links and label events. */
export function issueRoutes(scope: RouteScope): HttpRoutes {
  const { host, views, self, origin } = scope;
  const show = (project: StoredProject, found: StoredIssue) => ({
    ...views.issue(project, found),
    ...(found.broken ? { title: 7, labels: 'none' } : {}),
  });
  const isAskedFor = (found: StoredIssue, { query }: HttpRequest): boolean => {
    const [state, after] = [query.get('state') ?? 'all', query.get('updated_after')];
    return (state === 'all' || found.state === state) && (after === null || found.updatedAt >= Date.parse(after));
  };
  return {
    'GET /api/v4/projects/:id/issues': withProject(scope, (project, request) => {
      const known = ['state', 'updated_after', 'order_by', 'sort', 'page', 'per_page'];
      const unknown = [...request.query.keys()].filter((each) => !known.includes(each));
      if (unknown.length > 0) throw new Error(`the fake knows no filter ${unknown.join(', ')}`);
      const sign = request.query.get('sort') === 'asc' ? 1 : -1;
      const at = (found: StoredIssue): number =>
        request.query.get('order_by') === 'updated_at' ? found.updatedAt : found.createdAt;
      const found = [...project.issues.values()]
        .filter((each) => isAskedFor(each, request))
        .sort((left, right) => sign * (at(left) - at(right) || left.id - right.id));
      return listOf(
        found.map((each) => show(project, each)),
        request,
        origin,
      );
    }),
    'POST /api/v4/projects/:id/issues': withProject(scope, (project, { body }) => {
      const [title, description] = [textField(body, 'title') ?? '', textField(body, 'description') ?? ''];
      const fields = { title, description, labels: labelsField(body, 'labels') ?? [], by: self };
      const more = { confidential: false, movedTo: null, broken: false, blockedBy: [] };
      return json(show(project, host.addItem(project.issues, fields, more)), 201);
    }),
    'GET /api/v4/projects/:id/labels': withProject(scope, (project, request) => {
      const items = [...project.issues.values(), ...project.mergeRequests.values()];
      const names = [...new Set(items.flatMap(({ labels }) => labels))];
      return listOf(
        names.map((name) => ({ name })),
        request,
        origin,
      );
    }),
    'DELETE /api/v4/projects/:id/labels/:name': withProject(scope, (project, { params }) => {
      for (const item of [...project.issues.values(), ...project.mergeRequests.values()]) {
        item.labels = item.labels.filter((each) => each !== params['name']);
      }
      return { status: 204 };
    }),
    'GET /api/v4/projects/:id/issues/:iid': withIssue(scope, ({ project, item }) => json(show(project, item))),
    'PUT /api/v4/projects/:id/issues/:iid': withIssue(scope, ({ project, item }, { body }) => {
      const labels = labelsAfter(item.labels, body);
      const ids = numbersField(body, 'assignee_ids');
      const [title, description] = [textField(body, 'title'), textField(body, 'description')];
      const fields = {
        ...(title === null ? {} : { title }),
        ...(description === null ? {} : { description }),
        ...(labels === null ? {} : { labels }),
        ...stateAfter(textField(body, 'state_event')),
        ...(ids === null ? {} : { assignees: ids.flatMap((id) => host.users.get(id) ?? []) }),
      };
      if (host.change(item, fields, self)) host.changes += 1;
      return json(show(project, item));
    }),
    // Not paged.
    'GET /api/v4/projects/:id/issues/:iid/links': withIssue(scope, ({ item }) =>
      json(
        item.blockedBy.map((each) => {
          const other = [...host.projects.values()].find(({ path }) => path === each.project);
          return views.link(each, other?.id ?? 1);
        }),
      ),
    ),
    'GET /api/v4/projects/:id/issues/:iid/resource_label_events': withIssue(scope, ({ project, item }, request) =>
      listOf(
        item.labelEvents.map((each) => views.labelEvent(each, item.id, project.triggersHidden)),
        request,
        origin,
      ),
    ),
  };
}
