import { createGateway, createSystemRuntime } from '@baton/adapter-kit';
import {
  createFakeGitlab,
  type FakeGitlab,
  type FakeGitlabOptions,
  type FakeGitlabProject,
} from '@baton/conformance/http';
import type { Runtime } from '@baton/core';
import { createGitlab, type Gitlab, type GitlabOptions } from '@baton/gitlab';

/** A fake GitLab with one project, and what Baton asks it with. */
export interface GitlabWorld extends AsyncDisposable {
  readonly fake: FakeGitlab;
  readonly project: FakeGitlabProject;
  /** Everything that was logged. */
  readonly logged: string[];
  /** What the adapter slept for, in milliseconds; no time passes by it. */
  readonly slept: number[];
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
  const runtime: Pick<Runtime, 'clock'> = {
    clock: {
      ...system.clock,
      // Deadlines of half a minute stay what they are; pauses between two tries pass at once.
      sleep: async (milliseconds, callOptions) => {
        if (milliseconds >= 30_000) return system.clock.sleep(milliseconds, callOptions);
        slept.push(milliseconds);
        callOptions?.signal?.throwIfAborted();
      },
    },
  };
  const dispose = async (): Promise<void> => {
    await fake.close();
  };
  return {
    fake,
    project: fake.project(repository),
    logged,
    slept,
    createGitlab: (more = {}) =>
      createGitlab({
        ...{ baseUrl: fake.origin, repository, remote: null, runtime, token },
        log: (level, message) => void logged.push(`${level}: ${message}`),
        gateway: createGateway({ host: 'fake', adapter: 'gitlab', runtime, writeIntervalMs: 0 }),
        ...more,
      }),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
