import type { Job } from '@baton/core';
import { expect, it } from 'vitest';
import { matchReference } from '../../src/jobs/match-reference.js';

/** A job, as far as a reference can mean it. */
const jobOf = (issueKey: string, url: string | null = null): Job => ({
  ...{ id: 'j1', project: 'web', dedupeKey: issueKey, requestHash: '', issueKey, branch: 'b', priority: null },
  ...{ phase: 'queued', outcome: null, wait: null, attempt: 1, round: 0, sequence: 1 },
  ...{ issueCreatedAt: 0, createdAt: 0, updatedAt: 0, wakeAt: 0 },
  data: { issue: { id: '1', key: issueKey, title: '', url, visibility: 'public' } },
});

const page = 'https://github.com/acme/api/issues/412';

it.each([
  [
    'acme/api#412',
    page,
    ['412', '#412', 'acme/api#412', 'Acme/API#412', `${page}/`, `${page}#issuecomment-1`, 'web#412'],
  ],
  ['group/sub/api#7', null, ['7', '#7', 'group/sub/api#7', 'web#7']],
  ['ABC-7', 'https://acme.example/browse/ABC-7', ['ABC-7', 'abc-7', 'https://acme.example/browse/ABC-7', 'web#ABC-7']],
])('what a job remembers of %s is meant by every form that its source takes', (key, url, forms) => {
  expect(forms.filter((form) => !matchReference(form)(jobOf(key, url)))).toEqual([]);
});

it('and by nothing that means another issue, or none', () => {
  const job = jobOf('acme/api#412', page);
  const others = [
    '41',
    '4120',
    'acme/web#412',
    'api#412',
    'shop#412',
    `${page}0`,
    'https://gitlab.com/acme/api/issues/412',
    '',
    '#',
    'web#',
    'x412',
  ];
  expect(others.filter((form) => matchReference(form)(job))).toEqual([]);
  expect(['7', '#7'].filter((form) => matchReference(form)(jobOf('ABC-7')))).toEqual([]);
});
