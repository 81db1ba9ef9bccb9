import { json, textField } from '../server-message.js';
import type { HttpRoutes } from '../server-routes.js';
import type { StoredMergeRequest, StoredPipeline, StoredProject } from './model.js';
import {
  labelsAfter,
  labelsField,
  listOf,
  notFound,
  type RouteScope,
  stateAfter,
  withMergeRequest,
  withProject,
} from './route-scope.js';
import { newestOf } from './run-pipeline.js';

/** Merge requests, their discussions, and what runs on them. */
export function mergeRequestRoutes(scope: RouteScope): HttpRoutes {
  const { host, views, self, origin } = scope;
  const shaOf = async (project: StoredProject, found: StoredMergeRequest): Promise<string> =>
    found.endedCommit ?? (await project.branches.get(found.head)) ?? '0'.repeat(40);
  const expanded = async (project: StoredProject, found: StoredMergeRequest) =>
    views.expandedMergeRequest(project, found, await shaOf(project, found));
  return {
    'GET /api/v4/projects/:id/merge_requests': withProject(scope, async (project, request) => {
      const { query } = request;
      const known = [
        'source_branch',
        'iids[]',
        'state',
        'order_by',
        'sort',
        'page',
        'per_page',
        'with_merge_status_recheck',
      ];
      const unknown = [...query.keys()].filter((each) => !known.includes(each));
      if (unknown.length > 0) throw new Error(`the fake knows no filter ${unknown.join(', ')}`);
      const [head, iids, state] = [
        query.get('source_branch'),
        query.getAll('iids[]').map(Number),
        query.get('state') ?? 'all',
      ];
      const found = [...project.mergeRequests.values()]
        .filter((each) => head === null || each.head === head)
        .filter((each) => iids.length === 0 || iids.includes(each.iid))
        .filter((each) => state === 'all' || each.state === state)
        .sort((left, right) => (query.get('sort') === 'asc' ? 1 : -1) * (left.createdAt - right.createdAt));
      const shown = found.map(async (each) => views.mergeRequest(project, each, await shaOf(project, each)));
      return listOf(await Promise.all(shown), request, origin);
    }),
    'POST /api/v4/projects/:id/merge_requests': withProject(scope, async (project, { body }) => {
      const [head, base, title] = ['source_branch', 'target_branch', 'title'].map(
        (name) => textField(body, name) ?? '',
      );
      if (!head || !base || !title) return json({ error: 'source_branch, target_branch, title are missing' }, 400);
      if (project.lockLag > 0) {
        project.lockLag -= 1;
        return json({ message: '409 Conflict: Another operation holds the lock' }, 409);
      }
      if (project.branchLag > 0 || (await project.branches.get(head)) === null) {
        project.branchLag = Math.max(0, project.branchLag - 1);
        return json({ message: { source_branch: [`"${head}" does not exist`] } }, 400);
      }
      const all = [...project.mergeRequests.values()].filter((each) => each.sourceProjectId === project.id);
      const open = all.find((each) => each.state === 'opened' && each.head === head && each.base === base);
      if (open) {
        const message = [`Another open merge request already exists for this source branch: !${open.iid}`];
        return json({ message }, 409);
      }
      const made = host.addItem(
        project.mergeRequests,
        {
          title,
          description: textField(body, 'description') ?? '',
          labels: labelsField(body, 'labels') ?? [],
          by: self,
        },
        { head, base, sourceProjectId: project.id, endedCommit: null, conflicts: false, pipeline: null },
      );
      return json(await expanded(project, made), 201);
    }),
    'GET /api/v4/projects/:id/merge_requests/:iid': withMergeRequest(scope, async ({ project, item }) =>
      json(await expanded(project, item)),
    ),
    'PUT /api/v4/projects/:id/merge_requests/:iid': withMergeRequest(scope, async ({ project, item }, { body }) => {
      const [title, description] = [textField(body, 'title'), textField(body, 'description')];
      const labels = labelsAfter(item.labels, body);
      const fields = {
        ...(title === null ? {} : { title }),
        ...(description === null ? {} : { description }),
        ...(labels === null ? {} : { labels }),
        ...stateAfter(textField(body, 'state_event')),
      };
      item.base = textField(body, 'target_branch') ?? item.base;
      if (fields.state === 'closed') item.endedCommit = await project.branches.get(item.head);
      if (host.change(item, fields, self)) host.changes += 1;
      return json(await expanded(project, item));
    }),
    'PUT /api/v4/projects/:id/merge_requests/:iid/merge': withMergeRequest(scope, async ({ project, item }) => {
      if (item.state !== 'opened') return json({ message: '405 Method Not Allowed' }, 405);
      item.endedCommit = await project.branches.get(item.head);
      host.change(item, { state: 'merged' }, self);
      return json(await expanded(project, item));
    }),
    'GET /api/v4/projects/:id/merge_requests/:iid/discussions': withMergeRequest(
      scope,
      async ({ project, item }, request) =>
        listOf(views.discussions(project, item, await shaOf(project, item)), request, origin),
    ),
    'GET /api/v4/projects/:id/pipelines': withProject(scope, (project, request) => {
      const { query } = request;
      const known = ['updated_after', 'order_by', 'sort', 'page', 'per_page'];
      const unknown = [...query.keys()].filter((each) => !known.includes(each));
      if (unknown.length > 0 || query.get('order_by') !== 'updated_at' || query.get('sort') !== 'desc') {
        throw new Error(`the fake lists no pipelines by ${query}`);
      }
      if (project.without.has('CI/CD')) return json({ message: '403 Forbidden' }, 403);
      const after = Date.parse(query.get('updated_after') ?? '1970-01-01');
      const found = pipelinesOf(project)
        .filter(({ updatedAt }) => updatedAt >= after)
        .sort((left, right) => right.updatedAt - left.updatedAt);
      return listOf(
        found.map((each) => views.pipeline(project, each)),
        request,
        origin,
      );
    }),
    'GET /api/v4/projects/:id/pipelines/:pipeline/jobs': withProject(scope, (project, request) => {
      const found = pipelinesOf(project).find(({ id }) => String(id) === request.params['pipeline']);
      if (!found) return notFound;
      const jobs = newestOf(found.jobs).filter(({ kind }) => kind === 'job');
      return listOf(
        jobs.map((each) => views.job(project, each)),
        request,
        origin,
      );
    }),
    'GET /api/v4/projects/:id/pipelines/:pipeline/bridges': withProject(scope, (project, request) => {
      const found = pipelinesOf(project).find(({ id }) => String(id) === request.params['pipeline']);
      if (!found) return notFound;
      const bridges = newestOf(found.jobs).filter(({ kind }) => kind === 'bridge');
      return listOf(
        bridges.map((each) => views.bridge(project, each)),
        request,
        origin,
      );
    }),
    'GET /api/v4/projects/:id/repository/commits/:sha/statuses': withProject(scope, (project, request) => {
      const { params, query } = request;
      const id = query.get('pipeline_id');
      const found = pipelinesOf(project).filter(
        (each) => each.sha === params['sha'] && (id === null || String(each.id) === id),
      );
      return listOf(
        found.flatMap(({ jobs }) => newestOf(jobs)).map((each) => views.commitStatus(project, each)),
        request,
        origin,
      );
    }),
    'GET /api/v4/projects/:id/jobs/:job/trace': withProject(scope, (project, { params }) => {
      const job = pipelinesOf(project)
        .flatMap(({ jobs }) => jobs)
        .filter(({ kind }) => kind === 'job')
        .find(({ id }) => String(id) === params['job']);
      return job ? { status: 200, headers: { 'content-type': 'text/plain' }, body: job.trace } : notFound;
    }),
  };
}

function pipelinesOf(project: StoredProject) {
  const ours = [...project.mergeRequests.values()].flatMap(({ pipeline }) => (pipeline ? withChildren(pipeline) : []));
  return [...ours, ...project.otherPipelines];
}

function withChildren(pipeline: StoredPipeline): readonly StoredPipeline[] {
  return [pipeline, ...pipeline.jobs.flatMap(({ started }) => (started ? withChildren(started) : []))];
}
