import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import type { RealAccount, RealHost, RealPlace } from '@baton/conformance/real-host';
import { createGitlab, type Gitlab } from '@baton/gitlab';
import { z } from 'zod';

/** A project that is there, and who asks. */
export interface RealGitlabOptions {
  readonly repository: string;
  readonly baseUrl: string;
  readonly token: string;
  /** Of people with the role Developer or above. */
  readonly personToken: string | null;
  readonly otherToken: string | null;
  readonly pauseMs: number;
}

const named = z.object({ name: z.string() });
const user = z.object({ id: z.number(), username: z.string() });
const numbered = z.object({ iid: z.number() });
const note = z.object({
  ...{ id: z.number(), author: user, body: z.string(), system: z.boolean(), updated_at: z.string() },
});
const mergeRequest = z.object({
  ...{ iid: z.number(), title: z.string(), description: z.string().nullable(), state: z.string() },
  ...{ source_branch: z.string(), labels: z.array(z.string()) },
});
const draft = 'Draft: ';

/** People and Baton on GitLab, by its interface alone. */
export async function createRealGitlab(options: RealGitlabOptions): Promise<RealHost> {
  const { repository, baseUrl, token, personToken, otherToken, pauseMs } = options;
  const tokens: Readonly<Record<RealAccount, string>> = {
    baton: token,
    person: personToken ?? token,
    other: otherToken ?? token,
  };
  const send = async (as: RealAccount, method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${baseUrl}/api/v4${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[as]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GitLab answered ${answer.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  };
  const project = `/projects/${encodeURIComponent(repository)}`;
  const ask = (as: RealAccount, method: string, path: string, body?: object): Promise<unknown> =>
    send(as, method, `${project}${path}`, body);
  const accountOf = async (as: RealAccount) => user.parse(await send(as, 'GET', '/user'));
  const self = await accountOf('baton');
  const logins = {
    baton: self.username,
    person: personToken === null ? null : (await accountOf('person')).username,
    other: otherToken === null ? null : (await accountOf('other')).username,
  };
  const gitlab = (): Gitlab => {
    const runtime = createSystemRuntime();
    const writeIntervalMs = pauseMs > 0 ? 1_000 : 0;
    const gateway = createGateway({ host: new URL(baseUrl).host, adapter: 'gitlab', runtime, writeIntervalMs });
    return createGitlab({ baseUrl, repository, remote: null, token, runtime, gateway, log: () => undefined });
  };
  const placeOf = ({ kind, id }: RealPlace): string => `/${kind === 'issue' ? 'issues' : 'merge_requests'}/${id}`;
  const notesOf = async (on: RealPlace) => {
    const path = `${placeOf(on)}/notes?sort=asc&order_by=created_at&per_page=100`;
    return z
      .array(note)
      .parse(await ask('baton', 'GET', path))
      .filter(({ system }) => !system);
  };
  const { forge } = gitlab();
  return {
    logins,
    pauseMs,
    defaultBranch: await forge.defaultBranch(),
    searchPath: process.env['PATH'] ?? '',
    createForge: () => gitlab().forge,
    createSource: () => gitlab().source,
    remote: () => forge.remote(),
    async openIssue(as, { title, body, labels }) {
      const made = await ask(as, 'POST', '/issues', { title, description: body, labels: labels.join(',') });
      return String(numbered.parse(made).iid);
    },
    async changeIssue(as, id, { title, body, state, labels, assignees }) {
      await ask(as, 'PUT', `/issues/${id}`, {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { description: body }),
        ...(state === undefined ? {} : { state_event: state === 'open' ? 'reopen' : 'close' }),
        ...(labels === undefined ? {} : { labels: labels.join(',') }),
        // Nobody else is assigned by the suites.
        ...(assignees === undefined ? {} : { assignee_ids: assignees.map(() => self.id) }),
      });
    },
    comment: async (as, on, body) =>
      String(z.object({ id: z.number() }).parse(await ask(as, 'POST', `${placeOf(on)}/notes`, { body })).id),
    editComment: async (as, on, id, body) => void (await ask(as, 'PUT', `${placeOf(on)}/notes/${id}`, { body })),
    comments: async (on) =>
      (await notesOf(on)).map(({ id, author, body }) => ({ id: String(id), author: author.username, body })),
    async openPullRequest(as, { head, title, body, draft: isDraft, labels }) {
      const made = await ask(as, 'POST', '/merge_requests', {
        source_branch: head,
        target_branch: await forge.defaultBranch(),
        title: isDraft ? `${draft}${title}` : title,
        description: body,
        labels: labels.join(','),
      });
      return String(numbered.parse(made).iid);
    },
    async changePullRequest(as, id, change) {
      const path = `/merge_requests/${id}`;
      const before = mergeRequest.parse(await ask(as, 'GET', path));
      // GitLab merges no draft.
      const isDraft = change.state === 'merged' ? false : (change.draft ?? before.title.startsWith(draft));
      const plain = change.title ?? before.title.replace(draft, '');
      const title = isDraft ? `${draft}${plain}` : plain;
      await ask(as, 'PUT', path, {
        ...(title === before.title ? {} : { title }),
        ...(change.base === undefined ? {} : { target_branch: change.base }),
        ...(change.state === 'closed' ? { state_event: 'close' } : {}),
      });
      if (change.state === 'merged') await ask(as, 'PUT', `${path}/merge`, {});
    },
    async pullRequests(heads) {
      const found = heads.map(async (head) => {
        const query = new URLSearchParams({ source_branch: head, state: 'all', per_page: '100' });
        return z.array(mergeRequest).parse(await ask('baton', 'GET', `/merge_requests?${query}`));
      });
      return (await Promise.all(found))
        .flat()
        .map(({ iid, title, description, state, source_branch: head, labels }) => ({
          ...{ id: String(iid), head, labels, body: description ?? '' },
          title: title.replace(draft, ''),
          draft: title.startsWith(draft),
          state: state === 'merged' || state === 'closed' ? state : 'open',
        }));
    },
    references: (id) => [id, `#${id}`, `${repository}#${id}`, `${baseUrl}/${repository}/-/issues/${id}`],
    async touched(on) {
      const { updated_at: at } = z.object({ updated_at: z.string() }).parse(await ask('baton', 'GET', placeOf(on)));
      return JSON.stringify([at, await notesOf(on)]);
    },
    labels: async () =>
      z
        .array(named)
        .parse(await ask('baton', 'GET', '/labels?per_page=100'))
        .map(({ name }) => name),
    removeLabel: async (name) => void (await ask('baton', 'DELETE', `/labels/${encodeURIComponent(name)}`)),
  };
}
