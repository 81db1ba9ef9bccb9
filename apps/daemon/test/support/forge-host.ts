import {
  createFakeGithub,
  createFakeGitlab,
  type FakeGithub,
  type FakeGithubRepository,
  type FakeGitlab,
  type FakeGitlabProject,
  type HttpServer,
} from '@baton/fake-hosts';

/** Which host a scene plays at. */
export type ForgeKind = 'github' | 'gitlab';

/** One text below an issue or a pull request. */
export interface HostComment {
  readonly author: string;
  readonly body: string;
}

/** A pull or merge request as the host holds it. */
export interface HostRequest {
  readonly number: number;
  readonly head: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly state: 'open' | 'merged' | 'closed';
}

/** One repository of a host that is faked, in words that both hosts share. Where no issue is named, it is number 1. */
export interface ForgeHost extends AsyncDisposable {
  readonly kind: ForgeKind;
  readonly server: HttpServer & Pick<FakeGithub, 'failNextGit'>;
  /** Baton's own account. */
  readonly self: string;
  /** Keys beside `use` in the configuration. */
  readonly settings: Readonly<Record<string, string>>;
  /** The variable that the token is read from. */
  readonly tokenEnv: string;
  /** The number of the new issue. */
  openIssue(issue: { readonly title: string; readonly body: string; readonly author: string }): number;
  allow(login: string, permission: 'read' | 'write'): void;
  setLabels(labels: readonly string[], by: string, issue?: number): void;
  issue(): { readonly open: boolean; readonly labels: readonly string[]; readonly assignees: readonly string[] };
  comments(issue?: number): readonly HostComment[];
  requests(): readonly HostRequest[];
  /** Asks for changes of the newest request: a verdict with words, and a thread at one line. */
  askForChanges(
    by: string,
    words: string,
    thread: { readonly path: string; readonly line: number; body: string },
  ): void;
  /** A comment on a request. Default: the newest. */
  remark(by: string, words: string, request?: number): void;
  /** The newest request's checks at the host, as its head is now. */
  setChecks(state: 'failed' | 'passed', log: string): Promise<void>;
  /** A person merges a request, the newest by default; the host closes the issue that it closes. */
  merge(by: string, request?: number): Promise<void>;
  /** Everything that stands on the host. */
  texts(): string;
}

/** A host whose git serves `<gitRoot>/acme/shop.git`. */
export async function createForgeHost(kind: ForgeKind, gitRoot: string, token: string): Promise<ForgeHost> {
  return kind === 'github'
    ? createGithubHost(await createFakeGithub({ gitRoot, token }))
    : createGitlabHost(await createFakeGitlab({ gitRoot, token }));
}

const repository = 'acme/shop';

function newest<Request extends { readonly number: number }>(requests: readonly Request[]): number {
  return requests.at(-1)?.number ?? 0;
}

function createGithubHost(server: FakeGithub): ForgeHost {
  const shop: FakeGithubRepository = server.repository(repository);
  let checks = 9000;
  return {
    kind: 'github',
    server,
    self: server.self.login,
    settings: { repository, baseUrl: server.baseUrl },
    tokenEnv: 'GITHUB_TOKEN',
    openIssue: shop.openIssue,
    allow: shop.allow,
    setLabels: (labels, by, issue = 1) => shop.changeIssue(issue, { labels }, by),
    issue() {
      const { state, labels = [], assignees = [] } = shop.issues()[0] ?? {};
      return { open: state === 'open', labels, assignees };
    },
    comments: (issue = 1) => shop.comments(issue),
    requests: shop.pulls,
    askForChanges(by, words, { path, line, body }) {
      const number = newest(shop.pulls());
      shop.review(number, by, { body: words, verdict: 'request-changes' });
      shop.review(number, by, { body, path, line });
    },
    remark: (by, words, request = newest(shop.pulls())) => void shop.comment(request, by, words),
    async setChecks(state, log) {
      checks += 1;
      const conclusion = state === 'failed' ? 'failure' : 'success';
      const check = { id: checks, kind: 'run' as const, name: 'ci', conclusion, summary: '', log };
      shop.setChecks(newest(shop.pulls()), [check]);
    },
    merge: (by, request = newest(shop.pulls())) => shop.changePull(request, { state: 'merged' }, by),
    texts: () => {
      const numbers = [...shop.issues(), ...shop.pulls()].map(({ number }) => number);
      return JSON.stringify([shop.issues(), shop.pulls(), numbers.map(shop.comments)]);
    },
    [Symbol.asyncDispose]: server.close,
  };
}

function createGitlabHost(server: FakeGitlab): ForgeHost {
  const shop: FakeGitlabProject = server.project(repository);
  const requests = (): readonly HostRequest[] =>
    shop.mergeRequests().map(({ iid, title, description, state, ...rest }) => ({
      ...rest,
      number: iid,
      title: title.replace(/^Draft: /, ''),
      body: description,
      draft: title.startsWith('Draft: '),
      state: state === 'merged' || state === 'closed' ? state : 'open',
    }));
  const mergeRequest = (number = newest(requests())) => ({ mergeRequest: number });
  return {
    kind: 'gitlab',
    server,
    self: server.self.username,
    settings: { repository, baseUrl: server.origin },
    tokenEnv: 'GITLAB_TOKEN',
    openIssue: shop.openIssue,
    allow: shop.allow,
    setLabels: (labels, by, issue = 1) => shop.changeIssue(issue, { labels }, by),
    issue() {
      const { state, labels = [], assignees = [] } = shop.issues()[0] ?? {};
      return { open: state === 'opened', labels, assignees };
    },
    comments: (issue = 1) => shop.comments({ issue }),
    requests,
    askForChanges(by, words, { path, line, body }) {
      shop.review(newest(requests()), by, 'request-changes');
      shop.comment(mergeRequest(), by, words);
      shop.comment(mergeRequest(), by, body, { path, line });
    },
    remark: (by, words, request) => void shop.comment(mergeRequest(request), by, words),
    setChecks: (state, log) => shop.setChecks(newest(requests()), state, log),
    merge: (by, request = newest(requests())) => shop.changeMergeRequest(request, { state: 'merged' }, by),
    texts: () => {
      const below = shop.mergeRequests().map(({ iid }) => shop.comments({ mergeRequest: iid }));
      return JSON.stringify([shop.issues(), shop.mergeRequests(), shop.comments({ issue: 1 }), below]);
    },
    [Symbol.asyncDispose]: server.close,
  };
}
