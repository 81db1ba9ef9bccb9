import { type HttpAnswer, type HttpRequest, json } from '../server-message.js';
import type { HttpRoutes } from '../server-routes.js';
import type { StoredActor } from './model.js';
import { notFound, type RouteScope, withRepository } from './route-scope.js';
import type { PermissionView } from './views.js';

/** Repositories, permissions and accounts. */
export function repositoryRoutes(scope: RouteScope): HttpRoutes {
  const { host, views, self } = scope;
  const at = '/api/v3/repos/:owner/:repo';
  const account = (found: StoredActor | undefined): HttpAnswer =>
    found === undefined || found.ghost ? notFound : json(views.user(found));
  return {
    'GET /api/v3/user': () => {
      // As GitHub does to an installation: it is nobody.
      if (self.kind === 'Bot') return json({ message: 'Resource not accessible by integration' }, 403);
      return json(views.user(self));
    },
    'GET /api/v3/users/:login': ({ params }) => account(host.actors.get((params['login'] ?? '').toLowerCase())),
    'GET /api/v3/user/:id': ({ params }) =>
      account([...host.actors.values()].find(({ id }) => String(id) === params['id'])),
    [`GET ${at}`]: withRepository(scope, (repository) => {
      const view = views.repository(repository);
      const role = repository.permissions.get(self.login.toLowerCase());
      const push = role === undefined || role === 'write' || role === 'admin';
      return json({ ...view, permissions: { ...view.permissions, push } });
    }),
    [`GET ${at}/branches/:branch`]: withRepository(scope, async (repository, { params }) => {
      const name = params['branch'] ?? '';
      const sha = await repository.branches.get(name);
      return sha === null
        ? json({ message: 'Branch not found', status: '404' }, 404)
        : json({ name, commit: { sha }, protected: false });
    }),
    [`GET ${at}/collaborators/:login/permission`]: withRepository(scope, (repository, { params }) => {
      const login = params['login'] ?? '';
      if (repository.permissionsBroken) return json({ message: 'Server Error' }, 500);
      const actor = host.actor(login);
      if (actor.ghost) return json({ message: `${login} is not a user`, status: '404' }, 404);
      const permission = repository.permissions.get(login.toLowerCase()) ?? 'none';
      const view: PermissionView = { permission, role_name: permission, user: views.user(actor) };
      return json(view);
    }),
  };
}

/** Answers `/repositories/:id/…`, by which GitHub leads on from a name that a repository no longer has. */
export function repositoryById(scope: RouteScope, request: HttpRequest): string | HttpAnswer {
  const { id, rest } = request.params;
  const found = [...scope.host.repositories.values()].find((each) => String(each.id) === id);
  return found ? `/api/v3/repos/${found.fullName}${rest === undefined ? '' : `/${rest}`}` : notFound;
}
