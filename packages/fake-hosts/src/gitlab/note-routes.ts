import { json, textField } from '../server-message.js';
import type { HttpHandler, HttpRoutes } from '../server-routes.js';
import type { StoredItem, StoredProject } from './model.js';
import { listOf, notFound, type RouteScope, withIssue, withMergeRequest } from './route-scope.js';

type Found = { readonly project: StoredProject; readonly item: StoredItem };

/** Notes of issues and merge requests: the same but for where they stand. */
export function noteRoutes(scope: RouteScope): HttpRoutes {
  const { host, views, self, origin } = scope;
  const routesOf = (
    base: string,
    kind: 'Issue' | 'MergeRequest',
    wrap: (handler: (found: Found, request: Parameters<HttpHandler>[0]) => ReturnType<typeof json>) => HttpHandler,
  ): HttpRoutes => {
    const show = ({ project, item }: Found, note: StoredItem['notes'][number]) =>
      views.note(project, note, { kind, iid: item.iid });
    return {
      [`GET ${base}`]: wrap((found, request) => {
        const sorted = request.query.get('sort') === 'asc' ? found.item.notes : found.item.notes.toReversed();
        return listOf(
          sorted.map((each) => show(found, each)),
          request,
          origin,
        );
      }),
      [`POST ${base}`]: wrap((found, { body }) => {
        const text = host.obey(textField(body, 'body') ?? '');
        if (text.trim() === '') return json({ commands_changes: {}, summary: ['Commands applied'] }, 202);
        return json(show(found, host.addNote(found.item, { body: text, by: self })), 201);
      }),
      [`PUT ${base}/:note`]: wrap((found, { body, params }) => {
        const note = found.item.notes.find(({ id }) => String(id) === params['note']);
        if (!note) return notFound;
        if (note.author !== self) return json({ message: '403 Forbidden' }, 403);
        host.editNote(found.item, note, textField(body, 'body') ?? '', self);
        return json(show(found, note));
      }),
      [`DELETE ${base}/:note`]: wrap(({ item }, { params }) => {
        const index = item.notes.findIndex(({ id }) => String(id) === params['note']);
        if (index < 0) return notFound;
        item.notes.splice(index, 1);
        return { status: 204 };
      }),
    };
  };
  return {
    ...routesOf('/api/v4/projects/:id/issues/:iid/notes', 'Issue', (handler) => withIssue(scope, handler)),
    ...routesOf('/api/v4/projects/:id/merge_requests/:iid/notes', 'MergeRequest', (handler) =>
      withMergeRequest(scope, handler),
    ),
  };
}
