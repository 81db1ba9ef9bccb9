import { json } from '../server-message.js';
import type { HttpRoutes } from '../server-routes.js';
import { type RouteScope, withRepository } from './route-scope.js';

/** Lists of branches and of what says how commits fare. They hold nothing: what is in them is asked for by GraphQL. */
export function checkRoutes(scope: RouteScope): HttpRoutes {
  const at = '/api/v3/repos/:owner/:repo';
  const ofCommit = (body: object) =>
    withRepository(scope, async (repository, { params }) => {
      if ((await repository.branches.get('main')) === null) return json({ message: 'Git Repository is empty.' }, 409);
      const known = await repository.branches.get(params['ref'] ?? '');
      return known === null ? json({ message: `No commit found for SHA: ${params['ref']}` }, 422) : json(body);
    });
  return {
    [`GET ${at}/commits/:ref/check-runs`]: ofCommit({ total_count: 0, check_runs: [] }),
    [`GET ${at}/commits/:ref/status`]: ofCommit({ state: 'pending', statuses: [], total_count: 0 }),
    [`GET ${at}/branches`]: withRepository(scope, () => json([])),
    [`GET ${at}/actions/runs`]: withRepository(scope, () => json({ total_count: 0, workflow_runs: [] })),
  };
}
