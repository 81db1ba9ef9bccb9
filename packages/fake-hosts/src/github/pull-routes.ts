import { fieldOf, type HttpAnswer, json, listField, textField } from '../server-message.js';
import { pageOf } from '../server-page.js';
import type { HttpRoutes } from '../server-routes.js';
import { latest, type StoredIssue } from './model.js';
import { createPull } from './people.js';
import { invalid, notFound, type RouteScope, withIssue, withRepository } from './route-scope.js';

const longestTitle = 256;
const longestBody = 65_536;
const states: Readonly<Record<string, 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

/** Pull requests, and the logs of their checks. */
export function pullRoutes(scope: RouteScope): HttpRoutes {
  const { host, views, self, origin } = scope;
  const at = '/api/v3/repos/:owner/:repo';
  const tooLong = (title: string, body: string): HttpAnswer | null => {
    if (title.length > longestTitle) return invalid({ resource: 'PullRequest', field: 'title', code: 'too_long' });
    if (body.length > longestBody) return invalid({ resource: 'PullRequest', field: 'body', code: 'too_long' });
    return null;
  };
  return {
    [`GET ${at}/pulls`]: withRepository(scope, async (repository, request) => {
      const { query } = request;
      const sorted = `${query.get('sort') ?? 'created'} ${query.get('direction') ?? 'desc'}`;
      if (sorted !== 'created desc') throw new Error(`pull requests are listed by created desc alone, not ${sorted}`);
      const state = query.get('state') ?? 'open';
      const head = query.get('head');
      const ownerHere = repository.fullName.split('/')[0];
      const found = [...repository.issues.values()].filter(
        ({ pull, open }) =>
          pull &&
          (state === 'all' || (state === 'open') === open) &&
          (head === null || `${pull.fork ?? ownerHere}:${pull.head}` === head),
      );
      const { items, headers } = pageOf(found.reverse(), request, origin);
      return json(await Promise.all(items.map((each) => views.pull(repository, each))), 200, headers);
    }),
    [`POST ${at}/pulls`]: withRepository(scope, async (repository, request) => {
      const { body } = request;
      const [head, base] = [textField(body, 'head') ?? '', textField(body, 'base') ?? ''];
      const [title, text] = [textField(body, 'title') ?? '', textField(body, 'body') ?? ''];
      const wrong = tooLong(title, text);
      if (wrong) return wrong;
      const draft = fieldOf(body, 'draft') === true;
      for (const [field, branch] of Object.entries({ base, head })) {
        const known = await repository.branches.get(branch);
        if (known === null) return invalid({ resource: 'PullRequest', field, code: 'invalid' });
      }
      const issues = [...repository.issues.values()];
      if (issues.some((each) => each.open && each.pull?.head === head && each.pull.fork === null)) {
        const message = `A pull request already exists for ${repository.fullName.split('/')[0]}:${head}.`;
        return invalid({ resource: 'PullRequest', code: 'custom', message });
      }
      if ((await repository.branches.get(head)) === (await repository.branches.get(base))) {
        const message = `No commits between ${base} and ${head}`;
        return invalid({ resource: 'PullRequest', code: 'custom', message });
      }
      if (draft && !repository.draftsAllowed) {
        const message = 'Draft pull requests are not supported in this repository.';
        return json({ message, documentation_url: 'https://docs.github.com' }, 422);
      }
      const issue = { title, body: text, labels: [], by: self };
      const made = host.addIssue(repository, issue, createPull({ head, base, draft, fork: null }));
      return json(await views.pull(repository, made), 201);
    }),
    [`GET ${at}/pulls/:number`]: withIssue(scope, async (issue, repository) =>
      issue.pull ? json(await views.pull(repository, issue)) : notFound,
    ),
    [`PATCH ${at}/pulls/:number`]: withIssue(scope, async (issue, repository, { body }) => {
      if (!issue.pull) return notFound;
      const title = textField(body, 'title') ?? latest(issue.titles).text;
      const text = textField(body, 'body') ?? latest(issue.bodies).text;
      const wrong = tooLong(title, text);
      if (wrong) return wrong;
      host.touch(issue);
      const state = textField(body, 'state') === 'closed' ? ('closed' as const) : undefined;
      if (state !== undefined) issue.pull.endedCommit = await repository.branches.get(issue.pull.head);
      host.change(issue, { title, body: text, ...(state === undefined ? {} : { state }) }, self);
      issue.pull.base = textField(body, 'base') ?? issue.pull.base;
      return json(await views.pull(repository, issue));
    }),
    [`PUT ${at}/pulls/:number/merge`]: withIssue(scope, async (issue, repository) => {
      if (!issue.pull || !issue.open) return json({ message: 'Pull Request is not mergeable' }, 405);
      issue.pull.endedCommit = await repository.branches.get(issue.pull.head);
      issue.pull.merged = true;
      host.change(issue, { state: 'closed' }, self);
      return json({ merged: true, sha: issue.pull.endedCommit, message: 'Pull Request successfully merged' });
    }),
    [`POST ${at}/pulls/:number/reviews`]: withIssue(scope, (issue, _repository, { body }) => {
      const state = states[textField(body, 'event') ?? ''];
      if (!issue.pull || state === undefined) return notFound;
      const said = host.addComment({ comments: [] }, self, textField(body, 'body') ?? '', issue);
      issue.pull.reviews.push({ ...said, state });
      return json({ id: said.id, node_id: said.nodeId, state }, 200);
    }),
    [`POST ${at}/pulls/:number/requested_reviewers`]: withIssue(scope, async (issue, repository, { body }) => {
      if (!issue.pull) return notFound;
      host.touch(issue);
      issue.pull.reviewers = [...new Set([...issue.pull.reviewers, ...listField(body, 'reviewers')])];
      return json(await views.pull(repository, issue), 201);
    }),
    // The real one leads to another host, with a signature in the address and no credentials.
    [`GET ${at}/actions/jobs/:id/logs`]: withRepository(scope, (repository, { params }) => {
      const log = findLog(repository.issues.values(), params['id']);
      if (log === null) return notFound;
      return { status: 302, headers: { location: `${origin.replace('127.0.0.1', 'localhost')}/logs/${params['id']}` } };
    }),
    'GET /logs/:id': ({ params, headers }) => {
      if (headers['authorization'] !== undefined) throw new Error('credentials were sent to another host');
      for (const repository of host.repositories.values()) {
        const log = findLog(repository.issues.values(), params['id']);
        if (log !== null) return { status: 200, body: log };
      }
      return notFound;
    },
  };
}

function findLog(issues: Iterable<StoredIssue>, id: string | undefined): string | null {
  for (const issue of issues) {
    const check = issue.pull?.checks.find((each) => String(each.id) === id);
    if (check) return check.log;
  }
  return null;
}
