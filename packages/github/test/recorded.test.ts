import { BatonError, topicMarker } from '@baton/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readChecks } from '../src/forge/checks.js';
import { toActor, userShape } from '../src/host/actor.js';
import { issueShape, labelNames, toIssue } from '../src/source/map-issue.js';
import { actorOf, asStatusContext, issueOf, self } from './expected-model.js';
import { type Exchange, field, loadScenarios, recorded, text } from './recordings.js';
import { createAccount, createReplay, type Replay } from './replay.js';

const scenarios = loadScenarios();
let replay: Replay;

beforeAll(async () => {
  replay = await createReplay();
});
afterAll(async () => {
  await replay[Symbol.asyncDispose]();
});

const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => (BatonError.is(error) ? error.code : error));

describe('recorded answers of GitHub', () => {
  // What Baton never asks for: files as they are, HTML.
  const isText = ({ status, headers }: Exchange): boolean =>
    status !== 204 && !/\bjson\b/.test(String(headers['content-type']));
  const sameHost = [...scenarios].flatMap(([name, exchanges]) => {
    const own = exchanges.filter((each) => each.scope === 'https://api.github.com:443');
    // An archive lies on another host, where Baton doesn't follow.
    return own.some((each) => each.status === 302) ? [] : [[name, own] as const];
  });

  it('come through the client whole, in their order, redirects and errors included', async () => {
    let answered = 0;
    const strays: string[] = [];
    // The client leaves a slash at the end out.
    const bare = (path: string): string => path.replace(/\/$/, '');
    for (const [name, exchanges] of sameHost) {
      const left = [...exchanges];
      replay.answer = (method, path) => {
        const [next] = left;
        if (next?.method.toUpperCase() !== method || bare(next.path) !== bare(path)) {
          strays.push(`${name}: ${method} ${path}`);
          return null;
        }
        left.shift();
        return { status: next.status, headers: next.headers, body: next.response };
      };
      const { client } = createAccount(replay);
      for (let next = left[0]; next; next = left[0]) {
        const call = { what: `replay ${name}` };
        const route = `${next.method.toUpperCase()} ${next.path}`;
        const found = await outcomeOf(
          client.request(route, typeof next.body === 'object' ? { data: next.body } : {}, call),
        );
        const last = exchanges[exchanges.length - left.length - 1] ?? next;
        if (last.status === 404) expect([route, found]).toEqual([route, 'NOT_FOUND']);
        else if (last.status === 422) expect([route, found]).toEqual([route, 'PROTOCOL_VIOLATION']);
        else if (isText(last)) expect([route, found]).toEqual([route, 'UNAVAILABLE']);
        else {
          expect([route, field(found, 'status')]).toEqual([route, last.status]);
          const here = JSON.stringify(last.response).replaceAll('https://api.github.com', replay.origin);
          if (last.response !== '') expect([route, field(found, 'data')]).toEqual([route, JSON.parse(here)]);
        }
      }
      answered += exchanges.length - left.length;
    }
    expect(strays).toEqual([]);
    expect(answered).toBeGreaterThan(50);
  });

  it('lead through five pages of issues, each of which is read', async () => {
    const exchanges = scenarios.get('paginate-issues') ?? [];
    replay.answer = (_method, path) => {
      const found = exchanges.find((each) => each.path === path) ?? exchanges[0];
      return found ? { status: found.status, headers: found.headers, body: found.response } : null;
    };
    const at = { owner: 'octokit-fixture-org', repo: 'paginate-issues', per_page: 3 };
    const listed = await createAccount(replay).client.list('GET /repos/{owner}/{repo}/issues', at, {
      what: 'list issues',
    });
    expect(listed).toHaveLength(13);
    const context = { fullName: 'octokit-fixture-org/paginate-issues', isPrivate: false, self, blockedBy: [] };
    const issues = listed.map((each) => toIssue(issueShape.parse(each), context));
    expect(issues).toEqual(listed.map((each) => issueOf(each, 'octokit-fixture-org/paginate-issues', false)));
  });

  it('tell the name that a repository has now, and the branch it is worked from', async () => {
    const [found] = scenarios.get('get-repository') ?? [];
    const renamed = (scenarios.get('rename-repository') ?? []).slice(1);
    replay.answer = (method, path) => {
      if (path.includes('/branches/')) return { status: 200, body: { name: 'main' } };
      const exchange = [found, ...renamed].find((each) => each?.path === path && each.method.toUpperCase() === method);
      return exchange ? { status: exchange.status, headers: exchange.headers, body: exchange.response } : null;
    };
    const { github } = createAccount(replay);
    const forge = (name: string) => github.forge({ repository: `octokit-fixture-org/${name}` });
    expect(await forge('hello-world').defaultBranch()).toBe(field(found?.response, 'default_branch'));
    expect(await forge('rename-repository').defaultBranch()).toBe('main');
    expect(await outcomeOf(forge('no-such').defaultBranch())).toBe('NOT_FOUND');
  });

  it('hold issues, labels and people that are read as they are', () => {
    const responses = [...scenarios.values()]
      .flat()
      .flatMap(({ response }) => [response, field(response, 'items')].flat());
    const isIssue = (each: unknown): boolean =>
      /\/issues\/\d+$/.test(text(each, 'url')) && field(each, 'title') !== undefined;
    const issues = responses.filter(isIssue);
    const labels = responses.filter((each) => /\/labels\/[^/]+$/.test(text(each, 'url')));
    const people = responses.filter((each) => field(each, 'login') !== undefined && field(each, 'type') !== undefined);
    expect(issues.length).toBeGreaterThanOrEqual(16);
    expect(labels.length).toBeGreaterThanOrEqual(14);
    expect(people.length).toBeGreaterThanOrEqual(3);
    const context = { fullName: 'a/b', isPrivate: true, self, blockedBy: [] };
    expect(issues.map((each) => toIssue(issueShape.parse(each), context))).toEqual(
      issues.map((each) => issueOf(each, 'a/b', true)),
    );
    expect(labels.flatMap((each) => labelNames(issueShape.pick({ labels: true }).parse({ labels: [each] })))).toEqual(
      labels.map((each) => field(each, 'name')),
    );
    expect(people.map((each) => toActor(userShape.parse(each), self))).toEqual(people.map(actorOf));
  });

  it('tell what statuses a commit has', async () => {
    const exchanges = scenarios.get('create-status') ?? [];
    const combined = exchanges.find(({ path }) => path.endsWith('/status'))?.response;
    const statuses = field(combined, 'statuses');
    const nodes = (Array.isArray(statuses) ? statuses : []).map(asStatusContext);
    expect(nodes.length).toBeGreaterThan(0);
    const rollup = { state: text(combined, 'state').toUpperCase(), contexts: { nodes } };
    const { state, failures } = await readChecks(rollup, { readLog: async () => null, mask: (text) => text });
    expect(state).toBe('failed');
    expect(failures.map(({ name, url }) => ({ name, url }))).toEqual(
      nodes
        .filter((each) => each.state === 'FAILURE')
        .map(({ context, targetUrl }) => ({ name: context, url: targetUrl })),
    );
  });
});

describe('recorded payloads of webhooks, answered by a server', () => {
  /** Serves what one payload tells of a repository. */
  const serve = (repository: unknown, answers: Readonly<Record<string, unknown>>): void => {
    const path = `/repos/${text(repository, 'full_name')}`;
    replay.answer = (method, asked) => {
      const route = `${method} ${asked.split('?')[0]?.replace(path, '')}`;
      if (route === 'GET /user') return { status: 200, body: { ...self, id: Number(self.id), type: 'User' } };
      if (route === 'GET ') return { status: 200, body: repository };
      return route in answers ? { status: 200, body: answers[route] } : null;
    };
  };

  it('are issues as they are, save pull requests and what was transferred', async () => {
    const issues = ['issue', 'changes.old_issue', 'changes.new_issue'].flatMap((path) => recorded(path));
    const kinds = { issue: 0, pull: 0, elsewhere: 0, cut: 0 };
    for (const { name, raw, repository } of issues) {
      const fullName = text(repository, 'full_name');
      const number = text(raw, 'number');
      serve(repository, { [`GET /issues/${number}`]: raw, [`GET /issues/${number}/dependencies/blocked_by`]: [] });
      const found = await outcomeOf(createAccount(replay).github.source({ repository: fullName }).get(number));
      const isPull = field(raw, 'pull_request') !== undefined;
      const isElsewhere = !text(raw, 'repository_url').endsWith(`/${fullName}`);
      // One example was cut short by whoever contributed it. What has no state isn't taken for open.
      const isCut = field(raw, 'state') === undefined;
      const kind = isCut ? 'cut' : isPull ? 'pull' : isElsewhere ? 'elsewhere' : 'issue';
      kinds[kind] += 1;
      const isPrivate = field(repository, 'private') === true;
      const expected = {
        issue: issueOf(raw, fullName, isPrivate),
        pull: null,
        elsewhere: null,
        cut: 'PROTOCOL_VIOLATION',
      };
      expect([name, found]).toEqual([name, expected[kind]]);
    }
    expect(kinds).toMatchObject({ elsewhere: expect.any(Number), cut: 1 });
    expect(kinds.issue).toBeGreaterThanOrEqual(15);
    expect(kinds.pull).toBeGreaterThanOrEqual(1);
  });

  it('are comments that are no one else than their authors have written', async () => {
    const comments = recorded('comment', (event) => event === 'issue_comment');
    for (const { name, raw, repository } of comments) {
      const number = text(raw, 'issue_url').split('/').at(-1) ?? '';
      const written = { ...raw, id: 4711 };
      const below = `/issues/${number}/comments`;
      serve(repository, { [`GET ${below}`]: [raw], [`POST ${below}`]: written });
      const from = replay.asked.length;
      const source = createAccount(replay).github.source({ repository: text(repository, 'full_name') });
      const comment = { issueId: number, topic: 'status', body: 'Working.' };
      expect([name, await source.ensureComment(comment)]).toEqual([name, { id: '4711' }]);
      expect(replay.asked.slice(from).filter((each) => each.startsWith('POST'))).toHaveLength(1);
      // With the marker it is Baton's where its own account wrote it, and a stranger's elsewhere.
      serve(repository, {
        [`GET ${below}`]: [{ ...raw, body: `${topicMarker('status')}\n${text(raw, 'body')}` }],
        [`POST ${below}`]: written,
        [`PATCH /issues/comments/${text(raw, 'id')}`]: raw,
      });
      const { id } = await createAccount(replay)
        .github.source({ repository: text(repository, 'full_name') })
        .ensureComment(comment);
      expect([name, id]).toEqual([name, text(raw, 'user.id') === self.id ? text(raw, 'id') : '4711']);
    }
    expect(comments.length).toBeGreaterThanOrEqual(5);
  });

  it('are pull requests of the repository, and those of forks are left out', async () => {
    const pulls = recorded('pull_request', (event) => event.startsWith('pull_request')).filter(
      ({ raw }) => field(raw, 'head.ref') !== undefined,
    );
    const kinds = { own: 0, fork: 0 };
    for (const { name, raw, repository } of pulls) {
      serve(repository, { 'GET /pulls': [raw] });
      const forge = createAccount(replay).github.forge({ repository: text(repository, 'full_name') });
      const found = await forge.findPullRequests({ head: text(raw, 'head.ref') });
      const isOwn = text(raw, 'head.repo.full_name') === text(raw, 'base.repo.full_name');
      kinds[isOwn ? 'own' : 'fork'] += 1;
      const ended = typeof field(raw, 'merged_at') === 'string' ? 'merged' : 'closed';
      const state = field(raw, 'state') === 'open' ? 'open' : ended;
      const expected = {
        ...{ id: text(raw, 'number'), number: field(raw, 'number'), url: field(raw, 'html_url') },
        state: { unified: state, raw: state.toUpperCase() },
        ...{ draft: field(raw, 'draft') ?? false, head: field(raw, 'head.ref'), headCommit: field(raw, 'head.sha') },
        ...{ base: field(raw, 'base.ref'), mergeable: 'unknown' },
      };
      expect([name, found]).toEqual([name, isOwn ? [expected] : []]);
    }
    expect(kinds.own).toBeGreaterThanOrEqual(15);
  });

  it('are repositories with the branch that work begins from', async () => {
    const repositories = recorded('repository');
    for (const { name, raw } of repositories) {
      const branch = field(raw, 'default_branch');
      serve(raw, { [`GET /branches/${String(branch)}`]: { name: branch } });
      const found = await outcomeOf(
        createAccount(replay)
          .github.forge({ repository: text(raw, 'full_name') })
          .defaultBranch(),
      );
      expect([name, found]).toEqual([name, branch ?? 'NOT_FOUND']);
    }
    expect(repositories.length).toBeGreaterThanOrEqual(50);
  });
});
