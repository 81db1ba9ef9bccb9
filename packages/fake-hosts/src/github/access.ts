import { type HttpAnswer, type HttpRequest, json } from '../server-message.js';
import type { StoredRepository } from './model.js';

/** A repository permission of a fine-grained token or an App, as the interface calls it. */
export type FakeGithubPermission =
  | 'actions'
  | 'checks'
  | 'contents'
  | 'issues'
  | 'metadata'
  | 'pull_requests'
  | 'statuses'
  | 'workflows';

/** How far a permission goes. */
export type FakeGithubAccess = 'none' | 'read' | 'write';

/** What the credentials are: GitHub asks scopes of the one and permissions of the others. */
export type FakeGithubKind = 'classic' | 'fine-grained' | 'app';

/** What the credentials may do. */
export interface Access {
  readonly permissions: Readonly<Record<FakeGithubPermission, FakeGithubAccess>>;
  /** Goes with every answer to a classic token; null for the others, which have none. */
  readonly scopes: readonly string[] | null;
  /** GitHub's refusal of a request below a repository, or null. */
  refuse(request: HttpRequest, repository: StoredRepository | undefined): HttpAnswer | null;
  /** Whether a permission is given, or a public repository needs none. */
  allows(permission: FakeGithubPermission, access: 'read' | 'write', repository: StoredRepository | undefined): boolean;
  setPermissions(permissions: Partial<Record<FakeGithubPermission, FakeGithubAccess>>): void;
  setScopes(scopes: readonly string[]): void;
  /** What GitHub says of a permission that isn't given. */
  readonly refusal: string;
}

type Rule = readonly [path: RegExp, permissions: readonly FakeGithubPermission[]];

/** Any one of the permissions is enough. https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
const rules: readonly Rule[] = [
  [/^(?:\/collaborators\/.*)?$/, ['metadata']],
  [/^\/issues$/, ['issues']],
  [/^\/issues\//, ['issues', 'pull_requests']],
  [/^\/pulls/, ['pull_requests']],
  [/^\/branches\//, ['contents']],
  [/^\/commits\/.*\/check-runs$/, ['checks']],
  [/^\/commits\/.*\/status$/, ['statuses']],
  [/^\/actions\//, ['actions']],
  [/^\/branches/, ['contents']],
];

export function createAccess(kind: FakeGithubKind): Access {
  let scopes: readonly string[] = ['repo', 'workflow'];
  let permissions: Record<FakeGithubPermission, FakeGithubAccess> = {
    ...{ actions: 'write', contents: 'write', issues: 'write', metadata: 'read' },
    ...{ pull_requests: 'write', statuses: 'write', workflows: 'write' },
    // The settings page of fine-grained tokens doesn't offer it.
    checks: kind === 'fine-grained' ? 'none' : 'write',
  };
  const refusal = `Resource not accessible by ${kind === 'app' ? 'integration' : 'personal access token'}`;
  const allows: Access['allows'] = (permission, access, repository) => {
    const isPublic = repository?.private === false;
    if (kind === 'classic') {
      return scopes.includes('repo') || (isPublic && (access === 'read' || scopes.includes('public_repo')));
    }
    if (isPublic && access === 'read') return true;
    return permissions[permission] === 'write' || permissions[permission] === access;
  };
  return {
    get permissions() {
      return permissions;
    },
    get scopes() {
      return kind === 'classic' ? scopes : null;
    },
    refusal,
    allows,
    refuse({ method, path }, repository) {
      const rest = /^\/api\/v3\/repos\/[^/]+\/[^/]+(.*)$/.exec(path)?.[1];
      if (rest === undefined || rest === '/installation') return null;
      const asked = rules.find(([pattern]) => pattern.test(rest))?.[1] ?? [];
      const access = method === 'GET' ? 'read' : 'write';
      if (asked.length === 0 || asked.some((each) => allows(each, access, repository))) return null;
      // Of what a classic token doesn't reach GitHub says that it isn't there.
      if (kind === 'classic') return json({ message: 'Not Found', status: '404' }, 404);
      const accepted = asked.map((each) => `${each}=${access}`).join('; ');
      return json({ message: refusal, status: '403' }, 403, { 'x-accepted-github-permissions': accepted });
    },
    setPermissions(changed) {
      permissions = { ...permissions, ...changed };
    },
    setScopes(given) {
      scopes = given;
    },
  };
}
