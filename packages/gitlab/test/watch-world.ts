import type { Cursor, Forge, Observation } from '@baton/core';
import { createGitlabWorld, type GitlabWorld } from './gitlab-world.js';

/** How long it takes until GitLab would show whatever was done before. */
export const settledMs = 91_000;
/** What a poll asks where nothing happened. */
export const quietPoll = ['GET /merge_requests', 'GET /pipelines'];
/** What one merge request costs that is read whole. */
export const whole = ['GET /merge_requests/:n', 'GET /merge_requests/:n/discussions'];

/** Open merge requests, numbered from 1, and somebody who polls them all. */
export interface WatchWorld extends GitlabWorld {
  /** Another one from now on polls. */
  forge: Forge;
  /** Where each was read to. */
  readonly cursors: Map<string, Cursor | null>;
  poll(): Promise<ReadonlyMap<string, Observation>>;
  /** A poll; what it says of the first. */
  pollFirst(): Promise<Observation>;
  /** Polls until nothing is read whole any more. */
  settle(): Promise<void>;
}

export async function createWatchWorld(
  count: number,
  options: Parameters<typeof createGitlabWorld>[0] = {},
): Promise<WatchWorld> {
  const gitlab = await createGitlabWorld(options);
  const cursors = new Map<string, Cursor | null>();
  for (let iid = 1; iid <= count; iid += 1) {
    const head = `baton/issue-${iid}`;
    await gitlab.project.push(head);
    gitlab.project.openMergeRequest({ head, title: `Mend ${iid}`, body: '', by: 'bob' });
    cursors.set(String(iid), null);
  }
  const world: WatchWorld = {
    ...gitlab,
    forge: gitlab.createGitlab().forge,
    cursors,
    async poll() {
      const asked = [...cursors].map(([id, cursor]) => ({ id, cursor }));
      const seen = new Map<string, Observation>();
      for (const each of await world.forge.observe(asked)) {
        if (each === null) continue;
        cursors.set(each.pullRequest.id, each.cursor);
        seen.set(each.pullRequest.id, each);
      }
      return seen;
    },
    async pollFirst() {
      const first = (await world.poll()).get('1');
      if (first === undefined) throw new Error('The first merge request is gone.');
      return first;
    },
    async settle() {
      await world.poll();
      gitlab.leap(settledMs);
      await world.poll();
      gitlab.takeRequests();
    },
  };
  return world;
}
