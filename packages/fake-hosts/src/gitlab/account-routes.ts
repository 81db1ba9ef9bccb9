import { connectionOf, executeGraphql, type GraphqlArguments } from '../graphql-execute.js';
import { json } from '../server-message.js';
import type { HttpRoutes } from '../server-routes.js';
import { isoOf, type StoredNote } from './model.js';
import { notFound, type RouteScope, withProject } from './route-scope.js';
import { diffDescriptions } from './title-note.js';

/** Accounts, members, the project itself, and the history that GraphQL alone tells. */
export function accountRoutes(scope: RouteScope): HttpRoutes {
  const { host, views, self, premium } = scope;
  const historyNote = (note: StoredNote) => ({
    id: `gid://gitlab/${note.position ? 'DiffNote' : 'Note'}/${note.id}`,
    createdAt: isoOf(note.createdAt),
    lastEditedAt: note.edited && isoOf(note.edited.at),
    lastEditedBy: note.edited && { id: `gid://gitlab/User/${note.edited.by.id}`, username: note.edited.by.username },
    systemNoteMetadata: note.system
      ? {
          action: note.action,
          descriptionVersion: note.change && {
            description: note.change.after,
            diff: premium ? diffDescriptions(note.change.before, note.change.after) : null,
          },
        }
      : null,
  });
  const query = {
    issue: ({ id }: GraphqlArguments) => {
      const issues = [...host.projects.values()].flatMap((project) => [...project.issues.values()]);
      const found = issues.find((each) => `gid://gitlab/Issue/${each.id}` === id);
      if (!found) return null;
      return { notes: (args: GraphqlArguments) => connectionOf(found.notes.map(historyNote), args) };
    },
    // As `diff_head_pipeline` in GitLab's source: what REST shows, where it is of the present head.
    mergeRequest: async ({ id }: GraphqlArguments) => {
      for (const { mergeRequests, branches } of host.projects.values()) {
        for (const { id: own, head, pipeline } of mergeRequests.values()) {
          if (`gid://gitlab/MergeRequest/${own}` !== id) continue;
          const sha = await branches.get(head);
          const isOfHead = pipeline !== null && (pipeline.sha === sha || pipeline.sourceSha === sha);
          return { headPipeline: isOfHead ? { id: `gid://gitlab/Ci::Pipeline/${pipeline.id}` } : null };
        }
      }
      return null;
    },
  };
  return {
    'POST /api/graphql': ({ body }) => executeGraphql(body, { query, mutation: {} }),
    'GET /api/v4/user': () => json(views.user(self)),
    'GET /api/v4/users': ({ query: asked }) => {
      const username = asked.get('username')?.toLowerCase();
      return json([...host.users.values()].filter((each) => each.username.toLowerCase() === username).map(views.user));
    },
    'GET /api/v4/users/:user': ({ params }) => {
      const found = host.users.get(Number(params['user']));
      return found ? json(views.user(found)) : json({ message: '404 User Not Found' }, 404);
    },
    'GET /api/v4/projects/:id': withProject(scope, async (project) =>
      json(views.project(project, (await project.branches.get('main')) === null)),
    ),
    'GET /api/v4/projects/:id/members/all/:user': withProject(scope, (project, { params }) => {
      if (project.permissionsBroken) return json({ message: '500 Internal Server Error' }, 500);
      const user = host.users.get(Number(params['user']));
      const level = user && project.members.get(user.id);
      return user && level !== undefined ? json(views.member(user, level)) : notFound;
    }),
  };
}
