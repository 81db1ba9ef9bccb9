import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import type { RealAccount, RealHost, RealPlace } from '@baton/conformance/real-host';
import { createGithub } from '@baton/github';
import { z } from 'zod';

/** A repository that is there, and who asks. */
export interface RealGithubOptions {
  /** `owner/name`. */
  readonly repository: string;
  readonly baseUrl: string;
  readonly token: string;
  /** Of people with write permission. */
  readonly personToken: string | null;
  readonly otherToken: string | null;
  readonly pauseMs: number;
}

const named = z.object({ name: z.string() });
const user = z.object({ login: z.string() });
const numbered = z.object({ number: z.number() });
const comment = z.object({ id: z.number(), user, body: z.string().nullable(), updated_at: z.string() });
const pull = z.object({
  ...{ number: z.number(), node_id: z.string(), title: z.string(), body: z.string().nullable() },
  ...{ draft: z.boolean().optional(), state: z.string(), merged_at: z.string().nullish() },
  ...{ head: z.object({ ref: z.string() }), labels: z.array(named) },
});

/** People and Baton on GitHub, by its interface alone. */
export async function createRealGithub(options: RealGithubOptions): Promise<RealHost> {
  const { repository, baseUrl, token, personToken, otherToken, pauseMs } = options;
  const [owner = ''] = repository.split('/');
  const tokens: Readonly<Record<RealAccount, string>> = {
    baton: token,
    person: personToken ?? token,
    other: otherToken ?? token,
  };
  const send = async (as: RealAccount, method: string, url: string, body?: object): Promise<unknown> => {
    const answer = await fetch(url, {
      method,
      headers: { authorization: `token ${tokens[as]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`GitHub answered ${answer.status} to ${method} ${url}: ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  };
  const ask = (as: RealAccount, method: string, path: string, body?: object): Promise<unknown> =>
    send(as, method, `${baseUrl}/repos/${repository}${path}`, body);
  const loginOf = async (as: RealAccount): Promise<string> =>
    user.parse(await send(as, 'GET', `${baseUrl}/user`)).login;
  const logins = {
    baton: await loginOf('baton'),
    person: personToken === null ? null : await loginOf('person'),
    other: otherToken === null ? null : await loginOf('other'),
  };
  const github = () =>
    createGithub({
      ...{ credentials: { kind: 'token', token }, baseUrl, runtime: createSystemRuntime() },
      ...(pauseMs > 0
        ? {}
        : {
            gateway: createGateway({
              host: 'real',
              adapter: 'github',
              runtime: createSystemRuntime(),
              writeIntervalMs: 0,
            }),
          }),
    });
  const commentsOf = async ({ id }: RealPlace) =>
    z.array(comment).parse(await ask('baton', 'GET', `/issues/${id}/comments?per_page=100`));
  const pullsOf = async (head: string) => {
    const query = new URLSearchParams({ state: 'all', head: `${owner}:${head}`, sort: 'created', direction: 'desc' });
    return z.array(pull).parse(await ask('baton', 'GET', `/pulls?${query}`));
  };
  const setDraft = async (as: RealAccount, id: string, draft: boolean): Promise<void> => {
    const { node_id: node } = pull.parse(await ask(as, 'GET', `/pulls/${id}`));
    const [name, field] = draft
      ? ['ConvertToDraft', 'convertPullRequestToDraft']
      : ['MarkReady', 'markPullRequestReadyForReview'];
    const query = `mutation ${name}($id: ID!) { ${field}(input: { pullRequestId: $id }) { pullRequest { id } } }`;
    const { origin, pathname } = new URL(baseUrl);
    await send(as, 'POST', `${origin}${pathname.replace(/\/v3$/, '').replace(/\/$/, '')}/graphql`, {
      query,
      variables: { id: node },
    });
  };
  const forge = () => github().forge({ repository });
  return {
    logins,
    pauseMs,
    defaultBranch: await forge().defaultBranch(),
    searchPath: process.env['PATH'] ?? '',
    createForge: forge,
    createSource: () => github().source({ repository }),
    remote: () => forge().remote(),
    openIssue: async (as, issue) => String(numbered.parse(await ask(as, 'POST', '/issues', issue)).number),
    changeIssue: async (as, id, change) => void (await ask(as, 'PATCH', `/issues/${id}`, change)),
    comment: async (as, { id }, body) =>
      String(z.object({ id: z.number() }).parse(await ask(as, 'POST', `/issues/${id}/comments`, { body })).id),
    editComment: async (as, _, id, body) => void (await ask(as, 'PATCH', `/issues/comments/${id}`, { body })),
    comments: async (on) =>
      (await commentsOf(on)).map(({ id, user: by, body }) => ({ id: String(id), author: by.login, body: body ?? '' })),
    async openPullRequest(as, { head, title, body, draft, labels }) {
      const base = await forge().defaultBranch();
      const { number } = numbered.parse(await ask(as, 'POST', '/pulls', { head, base, title, body, draft }));
      if (labels.length > 0) await ask(as, 'POST', `/issues/${number}/labels`, { labels });
      return String(number);
    },
    async changePullRequest(as, id, { state, draft, ...fields }) {
      if (draft !== undefined) await setDraft(as, id, draft);
      if (Object.keys(fields).length > 0) await ask(as, 'PATCH', `/pulls/${id}`, fields);
      if (state === 'closed') await ask(as, 'PATCH', `/pulls/${id}`, { state });
      if (state !== 'merged') return;
      // GitHub merges no draft.
      await setDraft(as, id, false);
      await ask(as, 'PUT', `/pulls/${id}/merge`, {});
    },
    async pullRequests(heads) {
      const found = (await Promise.all(heads.map(pullsOf))).flat();
      return found.map(({ number, head, title, body, draft, labels, state, merged_at: mergedAt }) => ({
        ...{ id: String(number), head: head.ref, title, body: body ?? '', draft: draft === true },
        labels: labels.map(({ name }) => name),
        state: mergedAt ? 'merged' : state === 'open' ? 'open' : 'closed',
      }));
    },
    references: (id) => [id, `#${id}`, `${repository}#${id}`],
    async touched(on) {
      const { updated_at: at } = z
        .object({ updated_at: z.string() })
        .parse(await ask('baton', 'GET', `/issues/${on.id}`));
      return JSON.stringify([at, await commentsOf(on)]);
    },
    labels: async () =>
      z
        .array(named)
        .parse(await ask('baton', 'GET', '/labels?per_page=100'))
        .map(({ name }) => name),
    removeLabel: async (name) => void (await ask('baton', 'DELETE', `/labels/${encodeURIComponent(name)}`)),
  };
}
