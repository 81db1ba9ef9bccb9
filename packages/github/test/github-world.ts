import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import type { Forge, IssueSource } from '@baton/core';
import {
  createFakeGithub,
  type FakeGithub,
  type FakeGithubOptions,
  type FakeGithubRepository,
} from '@baton/fake-hosts';
import { createGithub, type Github } from '@baton/github';

export const repositoryName = 'acme/shop';

/** A fake GitHub with one repository, and Baton's way to it. */
export interface GithubWorld extends AsyncDisposable {
  readonly fake: FakeGithub;
  readonly repository: FakeGithubRepository;
  /** Every line that the adapter logged, fields and all. */
  readonly lines: string[];
  /** Another process: the same settings, nothing shared in memory. */
  connect(options?: {
    /** Default: the fake's, or its App. */
    readonly token?: string;
    readonly baseUrl?: string;
    readonly timeoutMs?: number;
    readonly mask?: (text: string) => string;
  }): Github;
  source(): IssueSource;
  forge(): Forge;
}

const asItIs = (text: string): string => text;

export async function createGithubWorld(options: FakeGithubOptions = {}): Promise<GithubWorld> {
  const fake = await createFakeGithub(options);
  const repository = fake.repository(repositoryName);
  const runtime = createSystemRuntime();
  const lines: string[] = [];
  const log = (level: string, message: string, fields: unknown = {}): void =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const connect: GithubWorld['connect'] = ({ token, baseUrl = fake.baseUrl, timeoutMs = 10_000, mask = asItIs } = {}) =>
    createGithub({
      credentials:
        fake.app && token === undefined
          ? { kind: 'app', id: fake.app.appId, installation: fake.app.installationId, privateKey: fake.app.privateKey }
          : { kind: 'token', token: token ?? fake.token },
      ...{ baseUrl, runtime, timeoutMs, retryPauseMs: 1, log, mask },
      // A real host is spared a second between two writes.
      gateway: createGateway({ host: 'fake', adapter: 'github', runtime, writeIntervalMs: 0, log }),
    });
  return {
    ...{ fake, repository, lines, connect },
    source: () => connect().source({ repository: repositoryName }),
    forge: () => connect().forge({ repository: repositoryName }),
    [Symbol.asyncDispose]: fake.close,
  };
}
