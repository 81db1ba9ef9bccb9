import type { JsonValue } from '@baton/core';
import { expect } from 'vitest';
import { readChecks } from '../src/forge/checks.js';
import { readFeedback } from '../src/forge/feedback.js';
import { createMergeRequestWatch } from '../src/forge/observe.js';
import { mergeRequestShape } from '../src/host/shapes.js';
import { at, base, contextOf, note, ours, type Scene, scenes } from './fuzz-scenes.js';

const pipeline = { id: 11, status: 'failed', sha: 'b', source: 'push', web_url: 'https://x/11', updated_at: at(2) };
const merge = {
  ...{ iid: 4, title: 'Draft: x', state: 'opened', draft: true, source_branch: 'a', target_branch: 'main', sha: 'b' },
  ...{ labels: [], web_url: 'https://x', updated_at: at(1), has_conflicts: false, merge_status: 'can_be_merged' },
  head_pipeline: pipeline,
};
const job = { id: 21, name: 'test', status: 'failed', allow_failure: false, web_url: 'https://x/21' };
const bridge = { ...job, id: 31, name: 'child', downstream_pipeline: { id: 12, project_id: null, status: 'failed' } };
const status = { id: 41, name: 'outside', status: 'failed', target_url: null, description: 'No.' };
const discussion = (...notes: readonly JsonValue[]): JsonValue => ({ id: 'd', notes });
const words = { ...note, body: 'Please', resolved: false };
const observation: Scene = {
  ...base,
  ...{ 'mergeRequests.show': merge, 'mergeRequests.all': [merge, { ...merge, iid: 5, state: 'merged' }] },
  ...{
    'jobs.all': [job],
    'jobs.allPipelineBridges': [],
    'jobs.showLog': 'line\nfailed',
    'commits.allStatuses': [status],
  },
  'pipelines.all': [{ ...pipeline, ref: 'a' }],
  'mergeRequestDiscussions.all': [discussion(words)],
};
const withPipeline = (more: Scene): Scene => ({
  ...observation,
  'mergeRequests.show': { ...merge, head_pipeline: { ...pipeline, ...more } },
});
const headPipeline = (id: string): JsonValue => ({ mergeRequest: { headPipeline: { id } } });
const ofMergedResult: Scene = {
  ...observation,
  'mergeRequests.show': {
    ...merge,
    id: 40,
    head_pipeline: { ...pipeline, sha: 'other', source: 'merge_request_event' },
  },
};
const system = (id: number, body: string, minute = 3): JsonValue => ({
  ...{ ...note, id, body, system: true },
  ...{ created_at: at(minute), updated_at: at(minute) },
});

export const merges = scenes(
  'a merge request is observed as it is, with the checks of its head alone',
  [
    observation,
    {
      ...observation,
      'jobs.all': Array.from({ length: 7 }, (_, index) => ({ ...job, id: index + 1 })),
      'jobs.showLog': 'gone',
    },
    {
      ...observation,
      'jobs.all': [],
      'jobs.allPipelineBridges': [bridge, { ...bridge, id: 32, downstream_pipeline: null }],
    },
    { ...observation, 'jobs.all': [{ ...job, status: 'running' }], 'commits.allStatuses': 'denied' },
    { ...observation, 'jobs.all': [{ ...job, status: 'success' }], 'commits.allStatuses': {} },
    {
      ...observation,
      'jobs.all': [
        { ...job, web_url: null },
        { ...job, allow_failure: true },
      ],
      'jobs.showLog': {},
    },
    {
      ...withPipeline({ status: 'failed', yaml_errors: 'bad', web_url: null }),
      'jobs.all': [],
      'commits.allStatuses': [],
    },
    { ...withPipeline({ status: 'failed', web_url: null }), 'jobs.all': [], 'commits.allStatuses': [] },
    {
      ...withPipeline({ status: 'canceled' }),
      'jobs.all': [{ ...job, status: 'canceled' }],
      'commits.allStatuses': [],
    },
    {
      ...withPipeline({ status: 'manual' }),
      'jobs.all': [{ ...job, status: 'manual', allow_failure: true }],
      'commits.allStatuses': [],
    },
    withPipeline({ status: 'success' }),
    withPipeline({ status: 'skipped', updated_at: null }),
    withPipeline({ status: 'constructor' }),
    withPipeline({ sha: 'other' }),
    withPipeline({ sha: 'other', source: 'merge_request_event' }),
    ...[headPipeline('gid://gitlab/Ci::Pipeline/11'), headPipeline('x'), { mergeRequest: null }, null, 'gone'].map(
      (graphql) => ({ ...ofMergedResult, graphql }),
    ),
    { ...observation, 'pipelines.all': [] },
    { ...observation, 'pipelines.all': 'denied' },
    { ...observation, 'mergeRequests.show': { ...merge, head_pipeline: null, sha: null, source_project_id: 2 } },
    {
      ...observation,
      'mergeRequestDiscussions.all': [
        discussion(words, {
          ...words,
          id: 2,
          created_at: at(2),
          position: { new_path: 'a', new_line: 3, head_sha: 'b' },
        }),
        discussion({ ...words, id: 3, resolved: true, position: { new_path: null, old_path: 'b' } }),
        discussion({ ...words, id: 9, position: { new_path: 'a', new_line: 3, head_sha: 'older' } }),
        discussion({ ...words, id: 4, internal: true }, { ...words, id: 5 }),
        discussion(system(6, 'approved this merge request'), system(7, 'requested changes')),
        discussion(system(8, 'unapproved this merge request', 4), {
          ...words,
          id: 9,
          author: { id: 7, username: 'baton' },
        }),
      ],
    },
    { ...observation, 'mergeRequestDiscussions.all': [discussion(system(6, 'approved this merge request', 9))] },
    { ...observation, 'mergeRequestDiscussions.all': [discussion({ ...words, id: 3, position: { old_path: 'b' } })] },
    { ...observation, 'mergeRequestDiscussions.all': {} },
    { ...observation, 'pipelines.all': 'denied' },
    {
      ...observation,
      'pipelines.all': [
        { ...pipeline, sha: 'z', ref: null },
        { ...pipeline, id: 12, sha: 'z', ref: 'refs/merge-requests/4/head' },
      ],
    },
    {
      ...observation,
      'mergeRequests.all': [{ ...merge, has_conflicts: null, merge_status: 'checking' }],
      'mergeRequests.show': { ...merge, has_conflicts: null, merge_status: 'checking' },
    },
    { ...observation, 'mergeRequests.all': {}, 'mergeRequests.show': 'gone', 'pipelines.all': {} },
    { ...observation, 'mergeRequestDiscussions.all': [discussion({ ...words, body: 'x'.repeat(100_001) })] },
  ],
  async (api, scene) => {
    const { clock, project, people } = contextOf();
    const watch = createMergeRequestWatch({ project, people, clock, mask: (text) => text });
    const looks = ['4', '5', 'x'].map((id) => ({ id, cursor: null as string | null }));
    const one = looks.slice(0, 1);
    const turns = [[], one, one, one, looks.slice(2), looks, looks, looks, looks];
    for (const [turn, requests] of turns.entries()) {
      clock.advance(turn === turns.length - 1 ? 1 : 400_000);
      const seen = (await ours(() => watch.observe(requests, api))) ?? [];
      for (const [index, each] of seen.entries()) {
        const asked = looks[index];
        if (each === null || asked === undefined) continue;
        expect(['none', 'pending', 'passed', 'failed']).toContain(each.checks.state);
        expect(each.checks.failures.length > 0).toBe(each.checks.state === 'failed');
        if (requests.length > 1) looks[index] = { ...asked, cursor: turn === turns.length - 2 ? 'other' : each.cursor };
      }
    }
    const parsed = mergeRequestShape.safeParse(scene['mergeRequests.show']);
    if (parsed.success) await ours(() => readChecks(parsed.data, { api, projectId: 1, mask: (text) => text }));
    for (const cursor of [null, '{', '{"1":"x"}']) {
      const head = { iid: 4, sha: cursor === null ? 'b' : null };
      const said = await ours(() => readFeedback(head, cursor, { api, people, projectId: 1 }));
      if (said === null) continue;
      const again = await readFeedback(head, said.cursor, { api, people, projectId: 1 });
      expect([again.feedback, again.cursor]).toEqual([[], said.cursor]);
    }
  },
);
