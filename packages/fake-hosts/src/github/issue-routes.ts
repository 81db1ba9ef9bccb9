import { fieldOf, type HttpAnswer, json, listField, textField } from '../server-message.js';
import { pageOf } from '../server-page.js';
import type { HttpRoutes } from '../server-routes.js';
import type { StoredIssue, StoredRepository } from './model.js';
import { invalid, notFound, type RouteScope, withIssue, withRepository } from './route-scope.js';

const longestText = 65_536;

/** Issues, their comments, labels, assignees and dependencies. */
export function issueRoutes(scope: RouteScope): HttpRoutes {
  const { host, views, self, origin } = scope;
  const at = '/api/v3/repos/:owner/:repo/issues';
  const locked: HttpAnswer = json({ message: 'Unable to create comment because issue is locked.' }, 403);
  const findComment = (repository: StoredRepository, id: string | undefined) => {
    for (const issue of repository.issues.values()) {
      const comment = issue.comments.find((each) => String(each.id) === id);
      if (comment) return { issue, comment };
    }
    return null;
  };
  const labelsOf = (issue: StoredIssue, repository: StoredRepository): HttpAnswer =>
    json(views.issue(repository, issue).labels);
  return {
    [`GET ${at}`]: withRepository(scope, (repository, request) => {
      if (!repository.hasIssues) return json({ message: 'Issues are disabled for this repo', status: '410' }, 410);
      const { query } = request;
      const found = [...repository.issues.values()].filter((issue) => isAsked(issue, query));
      const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
      const direction = query.get('direction') === 'asc' ? 1 : -1;
      found.sort((left, right) => direction * (left[key] - right[key] || left.number - right.number));
      const { items, headers } = pageOf(found, request, origin);
      return json(
        items.map((issue) => views.issue(repository, issue)),
        200,
        headers,
      );
    }),
    [`POST ${at}`]: withRepository(scope, (repository, { body }) => {
      const [title, text] = [textField(body, 'title') ?? '', textField(body, 'body') ?? ''];
      const made = { title, body: text, labels: listField(body, 'labels'), by: self };
      return json(views.issue(repository, host.addIssue(repository, made)), 201);
    }),
    [`PATCH ${at}/:number`]: withIssue(scope, (issue, repository, { body }) => {
      const [title, text] = [textField(body, 'title'), textField(body, 'body')];
      const state = textField(body, 'state') === 'closed' ? ('closed' as const) : ('open' as const);
      const fields = {
        ...(title === null ? {} : { title }),
        ...(text === null ? {} : { body: text }),
        ...(textField(body, 'state') === null ? {} : { state }),
        ...(Array.isArray(fieldOf(body, 'labels')) ? { labels: listField(body, 'labels') } : {}),
        ...(Array.isArray(fieldOf(body, 'assignees')) ? { assignees: listField(body, 'assignees') } : {}),
      };
      host.change(issue, fields, self);
      return json(views.issue(repository, issue));
    }),
    [`GET ${at.replace(/issues$/, 'labels')}`]: withRepository(scope, (repository, request) => {
      const names = [...new Set([...repository.issues.values()].flatMap(({ labels }) => labels))];
      const { items, headers } = pageOf(
        names.map((name) => ({ name })),
        request,
        origin,
      );
      return json(items, 200, headers);
    }),
    [`DELETE ${at.replace(/issues$/, 'labels')}/:name`]: withRepository(scope, (repository, { params }) => {
      for (const issue of repository.issues.values()) {
        issue.labels = issue.labels.filter((each) => each !== params['name']);
      }
      return { status: 204 };
    }),
    [`GET ${at}/:number`]: withIssue(scope, (issue, repository) => json(views.issue(repository, issue))),
    [`GET ${at}/:number/comments`]: withIssue(scope, (issue, repository, request) => {
      const { items, headers } = pageOf(issue.comments, request, origin);
      return json(
        items.map((each) => views.comment(repository, issue, each)),
        200,
        headers,
      );
    }),
    [`POST ${at}/:number/comments`]: withIssue(scope, (issue, repository, { body }) => {
      if (issue.locked) return locked;
      const text = textField(body, 'body') ?? '';
      if (text === '' || text.length > longestText)
        return invalid({ resource: 'IssueComment', field: 'body', code: 'invalid' });
      return json(views.comment(repository, issue, host.addComment(issue, self, text, issue)), 201);
    }),
    [`PATCH ${at}/comments/:id`]: withRepository(scope, (repository, { params, body }) => {
      const found = findComment(repository, params['id']);
      if (!found) return notFound;
      const text = textField(body, 'body') ?? '';
      if (text === '' || text.length > longestText)
        return invalid({ resource: 'IssueComment', field: 'body', code: 'invalid' });
      host.revise(found.comment.bodies, text, self, found.issue);
      return json(views.comment(repository, found.issue, found.comment));
    }),
    [`DELETE ${at}/comments/:id`]: withRepository(scope, (repository, { params }) => {
      const found = findComment(repository, params['id']);
      if (!found) return notFound;
      found.issue.comments.splice(found.issue.comments.indexOf(found.comment), 1);
      host.touch(found.issue);
      return { status: 204 };
    }),
    [`GET ${at}/:number/labels`]: withIssue(scope, (issue, repository, request) => {
      const { items, headers } = pageOf(views.issue(repository, issue).labels, request, origin);
      return json(items, 200, headers);
    }),
    [`POST ${at}/:number/labels`]: withIssue(scope, (issue, repository, { body }) => {
      host.change(issue, { labels: [...issue.labels, ...listField(body, 'labels')] }, self);
      return labelsOf(issue, repository);
    }),
    [`DELETE ${at}/:number/labels/:name`]: withIssue(scope, (issue, repository, { params }) => {
      const name = (params['name'] ?? '').toLowerCase();
      const left = issue.labels.filter((each) => each.toLowerCase() !== name);
      if (left.length === issue.labels.length) return json({ message: 'Label does not exist', status: '404' }, 404);
      host.change(issue, { labels: left }, self);
      return labelsOf(issue, repository);
    }),
    [`POST ${at}/:number/assignees`]: withIssue(scope, (issue, repository, { body }) => {
      const before = issue.assignees.map((each) => each.login);
      host.change(issue, { assignees: [...before, ...listField(body, 'assignees')] }, self);
      return json(views.issue(repository, issue), 201);
    }),
    [`DELETE ${at}/:number/assignees`]: withIssue(scope, (issue, repository, { body }) => {
      const gone = listField(body, 'assignees');
      const left = issue.assignees.map((each) => each.login).filter((each) => !gone.includes(each));
      host.change(issue, { assignees: left }, self);
      return json(views.issue(repository, issue));
    }),
    [`GET ${at}/:number/dependencies/blocked_by`]: withIssue(scope, (issue, _repository, request) => {
      const blockers = issue.blockedBy.flatMap(({ repository: name, number }) => {
        const repository = host.repositories.get(name.toLowerCase());
        const blocker = repository?.issues.get(number);
        return repository && blocker ? [views.issue(repository, blocker)] : [];
      });
      const { items, headers } = pageOf(blockers, request, origin);
      return json(items, 200, headers);
    }),
  };
}

function isAsked(issue: StoredIssue, query: URLSearchParams): boolean {
  const labels = (query.get('labels') ?? '').split(',').filter((each) => each !== '');
  const held = new Set(issue.labels.map((each) => each.toLowerCase()));
  const [state, assignee] = [query.get('state') ?? 'open', query.get('assignee') ?? '*'];
  return (
    issue.gone === null &&
    (state === 'all' || issue.open === (state === 'open')) &&
    issue.updatedAt >= (Date.parse(query.get('since') ?? '') || 0) &&
    labels.every((each) => held.has(each.toLowerCase())) &&
    (assignee === '*' || issue.assignees.some((each) => each.login === assignee))
  );
}
