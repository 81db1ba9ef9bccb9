import { isLoopback } from '@baton/adapter-kit';
import type { CallOptions, Diagnosis } from '@baton/core';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import { type GithubPart, judgeInstallation, judgeScopes, neededPermissions } from './diagnose-permissions.js';
import { diagnoseToken, isRefusal, refused } from './diagnose-token.js';
import { misshapen } from './map-error.js';
import type { Repository } from './repository.js';
import { webOrigin } from './settings.js';

const repositoryShape = z.looseObject({
  url: z.string(),
  full_name: z.string(),
  clone_url: z.string(),
  default_branch: z.string(),
  private: z.boolean(),
  archived: z.boolean().nullish(),
  has_issues: z.boolean().nullish(),
  permissions: z.looseObject({ push: z.boolean().nullish() }).nullish(),
});
const installationShape = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  suspended_at: z.string().nullish(),
});

/** Whether the credentials are good, the repository can be seen, each permission is given, and what quota is left. */
export async function* diagnose(
  repository: Repository,
  parts: readonly GithubPart[],
  options?: CallOptions,
): AsyncIterable<Diagnosis> {
  const { client } = repository;
  try {
    const { login } = await repository.self({ ...options });
    yield { check: 'credentials', ok: true, detail: `GitHub knows us as ${login}.`, fix: null };
    // No person's login has a bracket.
    if (login.endsWith('[bot]')) yield* diagnoseApp(repository, parts, options);
    else yield* diagnosePerson(repository, parts, options);
    const { quotas } = client.gateway.usage();
    const left = Object.entries(quotas).map(([name, { remaining, limit }]) => `${name} ${remaining} of ${limit}`);
    if (left.length > 0) yield { check: 'quota', ok: true, detail: `Left this hour: ${left.join(', ')}.`, fix: null };
  } catch (error) {
    options?.signal?.throwIfAborted();
    if (!BatonError.is(error)) throw error;
    yield { check: 'access', ok: false, detail: error.message, fix: error.fix ?? 'check the settings of github' };
  }
}

/** An App's installation says what it was given. */
async function* diagnoseApp(
  repository: Repository,
  parts: readonly GithubPart[],
  options?: CallOptions,
): AsyncIterable<Diagnosis> {
  const { client, at, fullName } = repository;
  const call = { ...options, what: `read the App's installation on ${fullName}` };
  const found = await client.get('GET /repos/{owner}/{repo}/installation', at, installationShape, call);
  if (!found) return yield absent(fullName, 'check the name, and install the App on the repository');
  if (found.suspended_at) {
    const fix = "take the suspension back in the owner's settings, under GitHub Apps";
    yield { check: 'installation', ok: false, detail: `The App is suspended on ${fullName}.`, fix };
  }
  yield* judgeInstallation(found.permissions, parts);
  if (found.permissions['metadata'] === undefined) return;
  const { facts } = await look(repository, options);
  if (facts === null || facts === 'refused') {
    return yield absent(fullName, 'check app.installation: it is not the one of this repository');
  }
  yield* describe(facts, fullName, parts);
}

/** A token says its scopes, where it is a classic one; a fine-grained one is tried. */
async function* diagnosePerson(
  repository: Repository,
  parts: readonly GithubPart[],
  options?: CallOptions,
): AsyncIterable<Diagnosis> {
  const { fullName } = repository;
  const { facts, scopes } = await look(repository, options);
  if (facts === 'refused')
    return yield* neededPermissions.filter(({ key }) => key === 'metadata').map((each) => refused(each));
  if (scopes !== null) yield* judgeScopes(scopes, parts, facts?.private === false);
  if (!facts) return yield absent(fullName, 'check the name, and that the token has access to it');
  yield* describe(facts, fullName, parts);
  const hasRole = facts.permissions?.push !== false;
  yield {
    check: 'role',
    ok: hasRole,
    detail: hasRole ? `The account may write ${fullName}.` : `The account of the token may only read ${fullName}.`,
    fix: hasRole ? null : "give it the role Write under Collaborators and teams in the repository's settings",
  };
  if (scopes !== null) return;
  const { default_branch: defaultBranch } = facts;
  const cloneUrl = hasRole && isOwnHost(facts) ? facts.clone_url : null;
  yield* diagnoseToken({ repository, parts, defaultBranch, cloneUrl, hasRole }, options);
}

type Facts = z.infer<typeof repositoryShape>;

/** The repository, `refused` where a permission is wanting, null where it can't be seen; the scopes of a classic token, or null. */
async function look(
  { client, at, fullName }: Repository,
  options?: CallOptions,
): Promise<{ readonly facts: Facts | 'refused' | null; readonly scopes: readonly string[] | null }> {
  const what = `read the repository ${fullName}`;
  const call = { ...options, what };
  const answer = await client.request('GET /repos/{owner}/{repo}', at, { ...call, accept: [403, 404] });
  if (answer.status === 403) {
    if (isRefusal(answer)) return { facts: 'refused', scopes: null };
    // Another reason: told as an error.
    await client.request('GET /repos/{owner}/{repo}', at, call);
  }
  const given = answer.headers['x-oauth-scopes'];
  const scopes = typeof given === 'string' ? given.split(',').map((each) => each.trim()) : null;
  if (answer.status === 404) return { facts: null, scopes };
  const parsed = repositoryShape.safeParse(answer.data);
  if (!parsed.success) throw misshapen(what, 'no repository');
  return { facts: parsed.data, scopes };
}

function* describe(facts: Facts, fullName: string, parts: readonly GithubPart[]): Iterable<Diagnosis> {
  const { archived: isArchived, full_name: now } = facts;
  const isRenamed = now.toLowerCase() !== fullName.toLowerCase();
  if (isArchived === true) {
    const fix = "take it out of the archive in the repository's settings";
    yield { check: 'repository', ok: false, detail: `${now} is archived: nobody can write it.`, fix };
  }
  if (isRenamed) {
    const detail = `${fullName} is called ${now} now.`;
    yield { check: 'repository', ok: false, detail, fix: `set repository to ${now}` };
  }
  if (isArchived !== true && !isRenamed) {
    yield { check: 'repository', ok: true, detail: `${fullName} can be seen.`, fix: null };
  }
  if (parts.includes('issues') && facts.has_issues === false) {
    const fix = "tick Issues under Features in the repository's settings";
    yield { check: 'issues', ok: false, detail: `${fullName} has its issues switched off.`, fix };
  }
}

/** Whether git's address belongs to the host that answered: the password goes nowhere else. */
function isOwnHost({ url, clone_url: cloneUrl }: Facts): boolean {
  if (!URL.canParse(url) || !URL.canParse(cloneUrl)) return false;
  const { origin, protocol, hostname } = new URL(cloneUrl);
  return webOrigin(url) === origin && (protocol === 'https:' || isLoopback(hostname));
}

function absent(fullName: string, fix: string): Diagnosis {
  return { check: 'repository', ok: false, detail: `${fullName} isn't there, or can't be seen.`, fix };
}
