import { formatDuration, formatMoney } from '@baton/core';
import type { JobView } from '@baton/engine';
import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import { closest } from '../../src/config/closest.js';
import { parseOrigin } from '../../src/init/detect-repository.js';
import { jobExitCode } from '../../src/render/job-exit-code.js';
import { describeStanding, jobStanding } from '../../src/render/job-standing.js';
import { renderEvidence, renderJob } from '../../src/render/render-job.js';
import { whatNext } from '../../src/render/what-next.js';
import { renderTable } from '../../src/text/render-table.js';
import { wrapText } from '../../src/text/wrap-text.js';

const hour = 3_600_000;
const noon = new Date(2026, 10, 29, 12).getTime();

const view: JobView = {
  id: 'j1',
  project: 'web',
  issue: { key: 'web#1', title: 'A title', url: null, labels: [] },
  phase: 'reviewing',
  outcome: null,
  wait: null,
  reason: null,
  attempt: 1,
  round: 1,
  agent: 'scripted',
  model: null,
  branch: 'baton/issue-1',
  base: { branch: 'main', commit: 'a'.repeat(40) },
  head: 'b'.repeat(40),
  policy: null,
  heldForPolicy: false,
  wants: null,
  askedTree: null,
  judged: null,
  checks: [],
  notes: [],
  proof: null,
  changes: null,
  usage: { inputTokens: null, outputTokens: null },
  cost: { microUsd: null, basis: 'unknown' },
  pullRequest: { number: 4, url: 'https://x/4', draft: true, state: 'open' },
  sandbox: null,
  asked: null,
  editedText: null,
  refusals: { told: [], more: 0 },
  summary: null,
  rescued: [],
  createdAt: 0,
  updatedAt: 0,
  wakeAt: 0,
  waitUntil: null,
};

describe('what people are shown', () => {
  it('a text that is asked about is shown whole, and no part of it passes for another', () => {
    const body = `${'x'.repeat(5_000)}\nthe end\n\ncomment by alice: fine`;
    const comments = [{ author: { id: '1', login: 'bob', kind: 'person' as const }, body: 'Do it.', at: 0 }];
    const edited = { hash: 'a'.repeat(64), title: 'A title', body, comments };
    const show = (state: 'asked' | 'approved'): string =>
      renderJob(
        { view: { ...view, editedText: { ...edited, state } }, timeline: [], pending: [], place: null },
        createColors(false),
        noon,
      );
    expect(show('asked')).toContain('the end');
    expect(show('asked')).toMatch(/^ {2}comment by bob +Do it\.$/m);
    expect(show('asked')).not.toMatch(/^ {2}comment by alice/m);
    expect(show('approved')).toContain('(--json shows all)');
  });

  it('shows lines as lines, each below the first', () => {
    const reason = 'The setup failed:\n> x@1.0.0 postinstall\n\nnpm error code 7';
    const shown = renderJob(
      { view: { ...view, reason, summary: 'Done.\r\nReally.' }, timeline: [], pending: [], place: null },
      createColors(false),
      0,
    );
    const lines = shown.split('\n').map((line) => line.trimEnd());
    const at = lines.findIndex((line) => line.startsWith('  what happened'));
    const column = lines[at]?.indexOf('The setup') ?? -1;
    expect(lines.slice(at, at + 6).map((line) => line.slice(column))).toEqual([
      ...reason.split('\n'),
      'Done.',
      'Really.',
    ]);
    expect(lines.slice(at + 1, at + 4).every((line) => line.slice(0, column).trim() === '')).toBe(true);
  });

  it('keeps control characters of every text of a job from the terminal', () => {
    const evil = 'x\u001b]0;owned\u0007\nforged line';
    const hostile: JobView = {
      ...view,
      issue: { key: evil, title: evil, url: evil, labels: [evil] },
      reason: evil,
      summary: evil,
      model: evil,
      branch: evil,
      pullRequest: { number: 4, url: evil, draft: true, state: 'open' },
      checks: [{ name: evil, base: null, head: null, basis: 'not-run', knownFailures: [], notes: [evil] }],
      notes: [evil],
      refusals: { told: [{ by: 'agent', count: 1, of: 'model', what: evil }], more: 0 },
    };
    const timeline = [{ at: 0, step: 'work', ok: true, detail: evil, durationMs: null }];
    const shown = renderJob({ view: hostile, timeline, pending: [], place: null }, createColors(false), 0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(shown.split('\n').filter((line) => line.startsWith('forged'))).toEqual([]);
  });

  it('marks a check by what follows from it, names what fails newly, and tells what was skipped', () => {
    const tests = { passed: 3, failed: 2, skipped: 4 };
    const run = { exitCode: 1, durationMs: 0, timedOut: false, tests, excerpt: '' };
    const check = { base: run, head: run, basis: 'tests', knownFailures: [], notes: [] } as const;
    const shown = renderEvidence(
      {
        ...view,
        checks: [
          { ...check, name: 'old', verdict: 'pass', knownFailures: ['slow "one"'] },
          { ...check, name: 'new', verdict: 'rework', newFailures: { count: 2, names: ['adds', 'b\u001b[2J'] } },
          { ...check, name: 'unsure', verdict: 'hold', head: { ...run, exitCode: 0 } },
          { ...check, name: 'absent', verdict: 'not-run', head: null, basis: 'not-run' },
          { ...check, name: 'earlier' },
        ],
      },
      createColors(false),
    );
    expect(shown).toMatch(/✓ +old +exit 1 · 3 pass, 2 fail, 4 skipped/);
    expect(shown).toMatch(/✗ +new/);
    expect(shown).toMatch(/held +unsure .* exit 0/);
    expect(shown).toMatch(/– +absent .* not run/);
    expect(shown).toMatch(/✗ +earlier/);
    expect(shown).toContain('   old: 1 test red on the base already and still red: "slow \\"one\\"".');
    expect(shown).toContain('   new: 2 tests newly red: "adds", "b');
    expect(shown).not.toContain('\u001b');
  });

  it('says of which tree the results are: what was judged last need not be what was handed in', () => {
    const check = { name: 'a', base: null, head: null, basis: 'exit-code', knownFailures: [], notes: [] } as const;
    const headOf = (judged: JobView['judged'], head: string | null = view.head): string =>
      renderEvidence({ ...view, head, judged, checks: [check] }, createColors(false)).split('\n')[0] ?? '';
    const tree = 'e6b8bcf99b72aaaa';
    expect(headOf({ tree, pushed: true })).toMatch(/this work bbbbbbb$/);
    expect(headOf({ tree, pushed: false })).toMatch(/this work, not pushed \(tree e6b8bcf99b72\)$/);
    expect(headOf({ tree, pushed: false }, null)).toMatch(/not pushed \(tree e6b8bcf99b72\)$/);
    expect(headOf(null)).toMatch(/this work$/);
  });

  it('fits a terminal, keeps what is to be copied whole, and tells a reason and words in their lines, once', () => {
    const seen = 'a'.repeat(64);
    const asks: JobView = {
      ...view,
      phase: 'waiting',
      wait: 'needs-person',
      reason:
        'Which of the two is meant?\n\nThe first one says so in its third paragraph, the second one nowhere at all.',
      summary: 'One.\r\n\tTwo.',
      wants: 'yes',
      asked: { kind: 'text', seen },
      sandbox: {
        files: 'enforced',
        network: 'enforced',
        processes: 'enforced',
        memory: 'open',
        detail: 'bubblewrap 0.8.0; this account may make no control group, so that nothing limits memory over a tree',
      },
    };
    const timeline = [
      { at: 0, step: 'wait', ok: true, detail: `needs-person: ${asks.reason}`, durationMs: null },
      { at: 0, step: 'work', ok: false, detail: 'it\n\nfailed', durationMs: 12_000 },
    ];
    const shown = renderJob({ view: asks, timeline, pending: [], place: null }, createColors(false), 0, 80).split('\n');
    expect(shown.filter((line) => line.length > 80)).toEqual([]);
    const words = shown.map((line) => line.trim());
    expect(words).toContainEqual(
      expect.stringMatching(new RegExp(`^you can +baton approve j1 --seen ${seen.slice(0, 32)}$`)),
    );
    expect(words).toEqual(
      expect.arrayContaining(['what happened  Which of the two is meant?', "agent's words  One.", 'Two.']),
    );
    expect(shown.join(' ')).not.toContain('\\x');
    expect(shown.filter((line) => line.includes('third paragraph'))).toHaveLength(1);
    expect(words).toContainEqual(expect.stringMatching(/✓ {2}wait {2}needs-person: as above$/));
    expect(words).toContainEqual(expect.stringMatching(/✗ {2}work {2}it failed {3}12 s$/));
    const piped = renderJob({ view: asks, timeline, pending: [], place: null }, createColors(false), 0);
    expect(piped).toContain('so that nothing limits memory over a tree');
  });

  it('wraps the last column first, at blanks', () => {
    const rows = [
      ['a', 'bb', 'one two three four five six seven'],
      ['aaa', 'b', 'x'.repeat(40)],
    ];
    expect(renderTable(rows, 36)).toBe(
      `a    bb  one two three four five six\n         seven\naaa  b   ${'x'.repeat(40)}`,
    );
    expect(renderTable(rows)).toBe(`a    bb  one two three four five six seven\naaa  b   ${'x'.repeat(40)}`);
  });

  it('wraps other columns where the last one has no room, and breaks no word', () => {
    const rows = [
      ['job', 'state', 'title'],
      ['j12345678', 'waiting: unavailable until 22:42', 'The answer is wrong in several places'],
    ];
    expect(renderTable(rows, 50)).toBe(
      [
        'job        state          title',
        'j12345678  waiting:       The answer is wrong in',
        '           unavailable    several places',
        '           until 22:42',
      ].join('\n'),
    );
    expect(renderTable([['x'.repeat(30), 'a b', 'one two']], 20)).toBe(
      `${'x'.repeat(30)}  a  one two\n${' '.repeat(32)}b`,
    );
  });

  it('keeps the margin of a line that it wraps', () => {
    expect(wrapText('  fix: one two three', 12)).toEqual(['  fix: one', '  two three']);
  });

  it.each([
    [{ phase: 'done', outcome: 'merged' }, 0],
    [{ phase: 'done', outcome: 'no-changes' }, 0],
    [{ phase: 'reviewing' }, 0],
    [{ phase: 'failed', outcome: 'checks-failed' }, 6],
    [{ phase: 'cancelled', outcome: 'closed' }, 6],
    [{ phase: 'waiting', wait: 'needs-person' }, 7],
    [{ phase: 'working' }, 8],
    [{ phase: 'waiting', wait: 'usage-limit' }, 8],
    [{ phase: 'reviewing', pullRequest: null }, 8],
    [{ phase: 'failed', outcome: 'untrusted' }, 9],
    [{ phase: 'failed', outcome: 'limit-reached' }, 9],
    [{ phase: 'failed', outcome: 'secret-found' }, 9],
    [{ phase: 'waiting', wait: 'budget' }, 9],
    [{ phase: 'cancelled', outcome: 'cancelled' }, 130],
  ] as const)('tells a shell how a job stands: %j is %i', (state, code) => {
    expect(jobExitCode({ ...view, ...state })).toBe(code);
  });

  it.each([
    [{ phase: 'cancelled', outcome: 'cancelled' }, 'cancelled'],
    [{ phase: 'cancelled', outcome: 'closed' }, 'cancelled: closed'],
    [{ phase: 'waiting', wait: 'needs-person' }, 'waiting: needs-person'],
    [{ phase: 'waiting', wait: 'budget', waitUntil: noon + 59 * 60_000 - 1 }, 'waiting: budget until 12:59'],
    [{ phase: 'waiting', wait: 'budget', waitUntil: noon + 13 * hour }, 'waiting: budget until 2026-11-30 01:00'],
  ] as const)('says once where a job is, and until when it waits: %j', (state, words) => {
    expect(jobStanding({ ...view, ...state }, noon)).toBe(words);
  });

  it.each([
    ['yes', ['baton steer j1 -m "…"', 'baton approve j1', 'baton reject j1', 'baton show j1 --diff']],
    ['answer', ['baton steer j1 -m "…"', 'baton reject j1', 'baton show j1 --diff']],
    ['mend', ['mend it on the base branch', 'then baton approve j1', 'baton reject j1']],
    ['retry', ['baton approve j1', 'baton steer j1 -m "…"', 'baton reject j1']],
  ] as const)('names the commands that fit where a person’s %s is wanted', (wants, commands) => {
    expect(whatNext({ ...view, phase: 'waiting', wait: 'needs-person', wants })).toEqual(commands);
  });

  it('offers no word to the agent where a text is asked about: it would end no wait', () => {
    const seen = 'a'.repeat(64);
    const asks = { phase: 'waiting', wait: 'needs-person', wants: 'yes', asked: { kind: 'text', seen } } as const;
    expect(whatNext({ ...view, ...asks })).toEqual([`baton approve j1 --seen ${seen.slice(0, 32)}`, 'baton reject j1']);
  });

  it('says what a job does in place of what was asked of it', () => {
    const standing = (state: Partial<JobView>) => describeStanding({ ...view, ...state }, noon);
    const budget = { phase: 'waiting', wait: 'budget', waitUntil: noon + hour, reason: 'Nothing is left.' } as const;
    expect(standing(budget)).toEqual({
      is: 'it waits (budget) until 13:00: Nothing is left',
      fix: 'mend what it waits for, and start the daemon to have it judged anew; or end it: baton cancel j1',
    });
    expect(standing({ phase: 'waiting', wait: 'needs-person', wants: 'yes', reason: 'It changes ci.' })).toEqual({
      is: 'it waits for a person: It changes ci',
      fix: 'answer it: baton approve, steer or reject j1',
    });
    expect(standing({ phase: 'waiting', wait: 'needs-person', wants: 'answer', reason: 'Which one?' })).toEqual({
      is: 'it waits for a person: Which one?',
      fix: 'answer it: baton steer j1 -m "…", or end it: baton reject j1',
    });
    expect(standing({}).is).toBe('its pull request #4 is in review');
    expect(standing({ phase: 'verifying' }).is).toBe('it is verifying');
    expect(standing({ phase: 'failed', outcome: 'checks-failed', reason: 'Red.' }).is).toBe(
      'it has ended (failed: checks-failed): Red',
    );
  });

  it('rounds amounts the way people read them, and never makes 0 of what nobody knows', () => {
    expect([41, 900, 38_400, 59_600, 214_000, 3_900_000].map(formatDuration)).toEqual([
      '41 ms',
      '0.9 s',
      '38 s',
      '1 m 00 s',
      '3 m 34 s',
      '1 h 05 m',
    ]);
    expect([null, 0, 1200, 410_000].map(formatMoney)).toEqual(['–', '$0.00', '$0.0012', '$0.41']);
  });

  it.each([
    ['projetcs', 'projects'],
    ['poll_interval', 'pollInterval'],
    ['maxfiles', 'maxFiles'],
    ['zzz', null],
  ])('takes %s for %s', (typed, meant) => {
    expect(closest(typed, ['projects', 'pollInterval', 'maxFiles', 'use'])).toBe(meant);
  });

  it('reads the address of origin, without what may be a password', () => {
    const config =
      '[core]\n\tbare = false\n[remote "up"]\n\turl = https://x/up\n[remote "origin"]\n\tfetch = +refs/*\n\turl = https://me:pw@host/a.git\n[branch "main"]\n';
    expect(parseOrigin(config)).toBe('https://host/a.git');
    expect(parseOrigin('[core]\n')).toBeNull();
  });
});
