import { createGateway, createSystemRuntime, type Gateway } from '@baton/adapter-kit';
import type { Runtime } from '@baton/core';
import { createFakeGitlab, type FakeGitlab, type FakeGitlabOptions, type FakeGitlabProject } from '@baton/fake-hosts';
import { createGitlab, type Gitlab, type GitlabOptions } from '@baton/gitlab';

/** A fake GitLab with one project, and what Baton asks it with. */
export interface GitlabWorld extends AsyncDisposable {
  readonly fake: FakeGitlab;
  readonly project: FakeGitlabProject;
  /** Everything that was logged. */
  readonly logged: string[];
  /** What the adapter slept for, in milliseconds; no time passes by it. */
  readonly slept: number[];
  /** Lets time pass for the adapter: its own clock goes on, GitLab's doesn't. */
  leap(milliseconds: number): void;
  /** What was asked since the last call, with `:n` for numbers: `GET /issues/:n`. */
  takeRequests(): readonly string[];
  /** What `createGitlab` is given by default. */
  createParts(): { readonly runtime: Pick<Runtime, 'clock'>; readonly gateway: Gateway };
  /** A second call stands for another process. */
  createGitlab(options?: Partial<GitlabOptions>): Gitlab;
  dispose(): Promise<void>;
}

export const repository = 'acme/web-shop';

export async function createGitlabWorld(options: FakeGitlabOptions = {}): Promise<GitlabWorld> {
  const fake = await createFakeGitlab(options);
  const { token } = fake;
  const logged: string[] = [];
  const slept: number[] = [];
  const system = createSystemRuntime();
  let [leapt, taken] = [0, 0];
  const runtime: Pick<Runtime, 'clock'> = {
    clock: {
      ...system.clock,
      now: () => system.clock.now() + leapt,
      monotonic: () => system.clock.monotonic() + leapt,
      // Deadlines of half a minute stay what they are; pauses between two tries pass at once.
      sleep: async (milliseconds, callOptions) => {
        if (milliseconds >= 30_000) return system.clock.sleep(milliseconds, callOptions);
        slept.push(milliseconds);
        callOptions?.signal?.throwIfAborted();
      },
    },
  };
  const createParts = () => ({
    runtime,
    gateway: createGateway({ host: 'fake', adapter: 'gitlab', runtime, writeIntervalMs: 0 }),
  });
  const dispose = async (): Promise<void> => {
    await fake.close();
  };
  return {
    fake,
    project: fake.project(repository),
    logged,
    slept,
    leap(milliseconds) {
      leapt += milliseconds;
    },
    takeRequests() {
      const fresh = fake.requests.slice(taken);
      taken = fake.requests.length;
      return fresh.map(({ method, path }) => `${method} ${shorten(path)}`);
    },
    createParts,
    createGitlab: (more = {}) =>
      createGitlab({
        ...{ baseUrl: fake.origin, repository, remote: null, token, ...createParts() },
        log: (level, message) => void logged.push(`${level}: ${message}`),
        ...more,
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function shorten(path: string): string {
  return path
    .replace(/^\/api\/v4(?:\/projects\/\d+(?=\/))?/, '')
    .replace(/\?.*$/, '')
    .replaceAll(/\/\d+/g, '/:n');
}
