import type { Diagnosis } from '@baton/core';

/** What Baton does at a repository: takes issues in, hands work out. */
export type GithubPart = 'issues' | 'pull requests';

/** A repository permission of a fine-grained token or an App. */
export interface GithubPermission {
  /** As the interface calls it. */
  readonly key: string;
  /** As the settings page calls it. */
  readonly name: string;
  readonly access: 'read' | 'write';
  readonly parts: readonly GithubPart[];
  /** What doesn't work without it: the end of a sentence. */
  readonly loss: string;
  /** False: Baton works without it. */
  readonly isRequired: boolean;
}

/** The same list stands in docs/github.md; a test compares them. */
export const neededPermissions: readonly GithubPermission[] = [
  {
    ...{ key: 'metadata', name: 'Metadata', access: 'read', parts: ['issues', 'pull requests'], isRequired: true },
    loss: "the repository and who may do what in it can't be looked up",
  },
  {
    ...{ key: 'issues', name: 'Issues', access: 'write', parts: ['issues'], isRequired: true },
    loss: "issues can't be read, labelled and commented on",
  },
  {
    ...{ key: 'contents', name: 'Contents', access: 'write', parts: ['pull requests'], isRequired: true },
    loss: "branches can't be pushed",
  },
  {
    ...{ key: 'pull_requests', name: 'Pull requests', access: 'write', parts: ['pull requests'], isRequired: true },
    loss: "pull requests can't be opened and watched",
  },
  {
    ...{ key: 'checks', name: 'Checks', access: 'read', parts: ['pull requests'], isRequired: true },
    loss: "check runs, those of Actions among them, can't be read",
  },
  {
    ...{ key: 'statuses', name: 'Commit statuses', access: 'read', parts: ['pull requests'], isRequired: true },
    loss: "commit statuses can't be read",
  },
  {
    ...{ key: 'actions', name: 'Actions', access: 'read', parts: ['pull requests'], isRequired: true },
    loss: "failing jobs can't be shown with the end of their log",
  },
  {
    ...{ key: 'workflows', name: 'Workflows', access: 'write', parts: ['pull requests'], isRequired: false },
    loss: "changes of .github/workflows can't be pushed",
  },
];

/** A scope of a classic token. */
export interface GithubScope {
  readonly name: string;
  readonly parts: readonly GithubPart[];
  readonly loss: string;
  readonly isRequired: boolean;
}

/** The same list stands in docs/github.md. */
export const neededScopes: readonly GithubScope[] = [
  {
    ...{ name: 'repo', parts: ['issues', 'pull requests'], isRequired: true },
    loss: "the repository can't be read and written",
  },
  {
    name: 'workflow',
    parts: ['pull requests'],
    loss: "changes of .github/workflows can't be pushed",
    isRequired: false,
  },
];

/** As the settings page words it. */
export function accessName(access: 'read' | 'write'): string {
  return access === 'write' ? 'Read and write' : 'Read-only';
}

/** What an installation of an App was given, against what Baton needs of it. */
export function judgeInstallation(
  given: Readonly<Record<string, string>>,
  parts: readonly GithubPart[],
): readonly Diagnosis[] {
  return neededPermissions.filter(serves(parts)).map((needed) => {
    const { key, name, access, loss, isRequired } = needed;
    const has = given[key];
    const isEnough = has === 'write' || has === 'admin' || (has !== undefined && access === 'read');
    if (isEnough) return { check: name, ok: true, detail: `The App has ${name}: ${accessName(access)}.`, fix: null };
    const found =
      has === undefined ? `The App doesn't have ${name}` : `The App has ${name} only as ${accessName('read')}`;
    const where = 'under Repository permissions of the App, and accept the change where it is installed';
    const fix = isRequired ? `set ${name} to ${accessName(access)} ${where}` : null;
    return { check: name, ok: !isRequired, detail: `${found}: ${loss}.`, fix };
  });
}

/** What a classic token was given. `public_repo` is enough for a repository that everybody sees. */
export function judgeScopes(
  given: readonly string[],
  parts: readonly GithubPart[],
  isPublic: boolean,
): readonly Diagnosis[] {
  return neededScopes.filter(serves(parts)).map(({ name, loss, isRequired }) => {
    const isEnough = given.includes(name) || (name === 'repo' && isPublic && given.includes('public_repo'));
    const check = `scope ${name}`;
    if (isEnough) return { check, ok: true, detail: `The token has the scope ${name}.`, fix: null };
    const fix = isRequired ? `tick ${name} among the scopes of the token` : null;
    return { check, ok: !isRequired, detail: `The token doesn't have the scope ${name}: ${loss}.`, fix };
  });
}

/** Whether something is needed for one of these parts. */
export function serves(parts: readonly GithubPart[]) {
  return (needed: { readonly parts: readonly GithubPart[] }): boolean =>
    needed.parts.some((each) => parts.includes(each));
}
