import { createRequesterFn } from '@gitbeaker/requester-utils';
import {
  Commits,
  IssueLabelEvents,
  IssueLinks,
  IssueNotes,
  Issues,
  Jobs,
  MergeRequestDiscussions,
  MergeRequestNotes,
  MergeRequests,
  PersonalAccessTokens,
  Pipelines,
  ProjectMembers,
  Projects,
  Users,
} from '@gitbeaker/rest';
import type { CallScope, HttpClient } from './client.js';
import { unreadable } from './map-error.js';

/** The parts of GitLab's interface that are used, as gitbeaker has them, for one call of a contract. */
export interface GitlabApi {
  readonly commits: Commits;
  readonly issueLabelEvents: IssueLabelEvents;
  readonly issueLinks: IssueLinks;
  readonly issueNotes: IssueNotes;
  readonly issues: Issues;
  readonly jobs: Jobs;
  readonly mergeRequestDiscussions: MergeRequestDiscussions;
  readonly mergeRequestNotes: MergeRequestNotes;
  readonly mergeRequests: MergeRequests;
  readonly personalAccessTokens: PersonalAccessTokens;
  readonly pipelines: Pipelines;
  readonly projectMembers: ProjectMembers;
  readonly projects: Projects;
  readonly users: Users;
  /** gitbeaker has no GraphQL. `data` of the answer; null where the schema of this GitLab lacks what was asked. */
  graphql(query: string, variables: Readonly<Record<string, string | null>>): Promise<unknown>;
}

/** Makes the interface for one call: gitbeaker takes no signal, so each call gets resources of its own. */
export type CreateApi = (scope: CallScope) => GitlabApi;

/** Does no input or output. */
export function createApiFactory(parts: {
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly token: string;
}): CreateApi {
  const { baseUrl, http, token } = parts;
  return (scope) => {
    const pages = new Set<string>();
    const requesterFn = createRequesterFn(
      async (_, options) => options,
      async (endpoint, options) => {
        const { method, headers, searchParams, body, prefixUrl } = readOptions(options);
        // Some resources stand below a path of their own, which comes without its slash.
        const url = new URL(endpoint, prefixUrl.replace(/\/*$/, '/'));
        url.search = searchParams;
        const reply = await http({ method, url, headers, ...(body === null ? {} : { body }) }, scope);
        checkNextPage(url, reply.headers['link'] ?? '', pages);
        // What came is whatever the host sent: it is parsed where it is used.
        return { status: reply.status, headers: { ...reply.headers }, body: reply.body as Record<string, unknown> };
      },
    );
    const settings = {
      host: baseUrl,
      oauthToken: token,
      requesterFn,
      rateLimits: {},
      queryTimeout: null,
    };
    return {
      commits: new Commits(settings),
      issueLabelEvents: new IssueLabelEvents(settings),
      issueLinks: new IssueLinks(settings),
      issueNotes: new IssueNotes(settings),
      issues: new Issues(settings),
      jobs: new Jobs(settings),
      mergeRequestDiscussions: new MergeRequestDiscussions(settings),
      mergeRequestNotes: new MergeRequestNotes(settings),
      mergeRequests: new MergeRequests(settings),
      personalAccessTokens: new PersonalAccessTokens(settings),
      pipelines: new Pipelines(settings),
      projectMembers: new ProjectMembers(settings),
      projects: new Projects(settings),
      users: new Users(settings),
      async graphql(query, variables) {
        const { body } = await http(
          {
            method: 'POST',
            url: new URL(`${baseUrl}/api/graphql`),
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ query, variables }),
          },
          scope,
        );
        if (typeof body !== 'object' || body === null) throw unreadable('an answer to GraphQL', JSON.stringify(body));
        return 'errors' in body ? null : Reflect.get(body, 'data');
      },
    };
  };
}

/** gitbeaker follows `rel="next"` by its query alone: that has to be the same list on the same host, and a page that is new. */
function checkNextPage(url: URL, link: string, pages: Set<string>): void {
  pages.add(addressOf(url));
  const next = /<([^>]+)>; rel="next"/.exec(link)?.[1];
  if (next === undefined) return;
  const found = URL.parse(next, url.href);
  if (found === null || found.host !== url.host || found.pathname !== url.pathname || pages.has(addressOf(found))) {
    throw unreadable('a next page', next);
  }
}

/** With its query in one order, as the two sides write it differently. */
function addressOf(url: URL): string {
  const query = new URLSearchParams(url.search);
  query.sort();
  return `${url.pathname}?${query}`;
}

/** The options that gitbeaker hands over, which it types as unknown. */
function readOptions(options: Readonly<Record<string, unknown>> = {}) {
  const text = (name: string): string => {
    const value = options[name];
    return typeof value === 'string' ? value : '';
  };
  const headers = Object.entries(options['headers'] ?? {}).map(([name, value]) => [name, String(value)] as const);
  return {
    method: text('method') || 'GET',
    headers: Object.fromEntries(headers),
    searchParams: text('searchParams'),
    prefixUrl: text('prefixUrl'),
    body: text('body') || null,
  };
}
