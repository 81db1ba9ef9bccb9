import { createManualClock } from '@baton/conformance';
import { type FuzzedParser, fuzzed, mutatedJson } from '@baton/conformance/fuzz';
import { BatonError, type IssueQuery, type JsonValue } from '@baton/core';
import { expect } from 'vitest';
import { createPeople } from '../src/host/actor.js';
import type { GitlabApi } from '../src/host/api.js';
import { createProject } from '../src/host/repository.js';
import { createRecentIssues } from '../src/source/recent-issues.js';

/** What GitLab answers, by what is asked: `gone` and `denied` are its refusals. */
export type Scene = { readonly [asked: string]: JsonValue };

const mostRequests = 2_000;

function apiOf(scene: Scene): GitlabApi {
  let asked = 0;
  const answer = async (name: string): Promise<JsonValue> => {
    asked += 1;
    if (asked > mostRequests) throw new Error('It asks without an end.');
    const told = Object.hasOwn(scene, name) ? (scene[name] ?? null) : null;
    if (told === 'gone') throw new BatonError('NOT_FOUND', 'There is none.', { details: { resource: name } });
    if (told === 'denied') throw new BatonError('PERMISSION_DENIED', 'It may not.', { details: { resource: name } });
    return told;
  };
  const part = (name: string): unknown =>
    name === 'graphql'
      ? () => answer(name)
      : new Proxy({}, { get: (_, method) => () => answer(`${name}.${String(method)}`) });
  // Every part of it is a call that answers: reading uses no other.
  return new Proxy({}, { get: (_, name) => part(String(name)) }) as GitlabApi;
}

export function contextOf() {
  const clock = createManualClock();
  const project = createProject('acme/shop');
  const people = createPeople(project, clock);
  const recent = createRecentIssues(clock);
  return { clock, project, people, recent, baseUrl: 'https://gitlab.example', log: () => {} };
}

export function scenes(
  name: string,
  samples: readonly Scene[],
  readScene: (api: GitlabApi, scene: Scene) => Promise<void>,
): FuzzedParser {
  return fuzzed(
    name,
    mutatedJson(samples, 3),
    async (text) => {
      const scene: Scene = Object(JSON.parse(text));
      await ours(() => readScene(apiOf(scene), scene));
    },
    samples.map((each) => JSON.stringify(each)),
  );
}

/** Null where it was refused in our words. */
export async function ours<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (!BatonError.is(error)) throw error;
    expect(error.message).not.toMatch(/\p{Cc}/u);
    return null;
  }
}

export const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
export const ann = { id: 5, username: 'ann', name: 'Ann' };
export const base: Scene = {
  'projects.show': { id: 1, path_with_namespace: 'acme/shop', visibility: 'private', default_branch: 'main' },
  'users.showCurrentUser': { id: 7, username: 'baton' },
  'users.show': { ...ann, bot: false },
};
export const issue = {
  ...{ iid: 3, id: 9, title: 'Now', description: 'now', state: 'opened', author: ann, assignees: [ann] },
  ...{ labels: ['Baton', 'P1'], web_url: 'https://gitlab.example/acme/shop/-/issues/3', weight: null },
  ...{ issue_type: 'issue', user_notes_count: 1, created_at: at(0), updated_at: at(1) },
};
export const queries: readonly IssueQuery[] = [
  { labels: ['baton'], excludeLabels: ['hold'], assignee: null },
  { labels: [], excludeLabels: [], assignee: 'ANN' },
];

export const note = { id: 1, author: ann, created_at: at(3), updated_at: at(3), system: false, body: 'So it is' };
