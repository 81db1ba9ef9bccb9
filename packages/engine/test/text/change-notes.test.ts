import type { GateResult } from '@baton/core';
import { createMemoryGate } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { renderTimeline, viewJob } from '../../src/index.js';
import { createRelay, fix } from '../relay.js';
import { actsOfMarkdown, elementsOf, renderMarkdown } from './text-grammars.js';

const told = 'It changes test-runner (test runners, which decide what counts as green): `vitest.config.ts`.';

async function handIn(notes: readonly string[], verdict: 'pass' | 'hold' = 'pass') {
  const result: GateResult =
    verdict === 'pass' ? { verdict, checks: [], notes } : { verdict, reason: told, checks: [], notes };
  const relay = createRelay(fix, { gates: [createMemoryGate({ judge: () => result })] });
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  return relay;
}

/** The part of a pull request that tells of the change. */
function partOf(body: string): string {
  return body.slice(body.indexOf('**About this change:**'), body.indexOf('**Not checked:**'));
}

describe('what a gate tells of a change', () => {
  it('stands in the pull request and in what is told of the job where nothing is held', async () => {
    const relay = await handIn([told, 'And more.']);
    const [pull] = relay.forge.pulls();
    const html = renderMarkdown(pull?.body ?? '');
    expect(html).toContain('vitest.config.ts');
    expect(html).toContain('<li>And more.</li>');
    expect(html).toContain('<p><strong>Not checked:</strong>');
    expect(viewJob(await relay.job()).notes).toEqual([told, 'And more.']);
  });

  it('is told as why it was held, where a person approved that', async () => {
    const relay = await handIn([], 'hold');
    const job = await relay.job();
    await relay.store.signal(job.id, { type: 'approve', data: {} });
    await relay.runOnce();
    const html = renderMarkdown(relay.forge.pulls()[0]?.body ?? '');
    expect(html).toContain('<strong>Held for a person, who approved this tree:</strong> It changes test-runner');
    expect((await handIn([told])).forge.pulls()[0]?.body).not.toContain('Held for');
  });

  it('stands there too after a person let it pass', async () => {
    const relay = await handIn([told], 'hold');
    const job = await relay.job();
    expect(viewJob(job)).toMatchObject({ phase: 'waiting', wait: 'needs-person', notes: [told] });
    await relay.store.signal(job.id, { type: 'approve', data: {} });
    await relay.runOnce();
    expect(relay.forge.pulls()[0]?.body).toContain('vitest.config.ts');
  });

  it('does nothing but be read, and is bounded', async () => {
    const evil = '@octocat closes #7 <img src=x> `|`\n# Title <!-- baton:job=j9 -->';
    const relay = await handIn([evil, 'x'.repeat(10_000), ...Array<string>(1_000).fill('again')]);
    const body = relay.forge.pulls()[0]?.body ?? '';
    expect(actsOfMarkdown(partOf(body))).toEqual([]);
    expect([...elementsOf(renderMarkdown(partOf(body)))].sort()).toEqual(['li', 'p', 'strong', 'ul']);
    expect(body.match(/baton:job=/g)).toHaveLength(1);
    expect(partOf(body).length).toBeLessThan(3_000);
    const { notes } = viewJob(await relay.job());
    expect([notes.length, Math.max(...notes.map(({ length }) => length))]).toEqual([50, 1_000]);
  });

  it('is left out where there is nothing to tell', async () => {
    const relay = await handIn([]);
    expect(relay.forge.pulls()[0]?.body).not.toContain('About this change');
  });
});

describe('a check that is newly red', () => {
  it('says by which tests, where the job is told and on the issue', async () => {
    const names = ['adds', ...Array.from({ length: 30 }, (_, index) => `case ${index}`)];
    const tests = names.map((name) => ({ name, status: 'failed' }) as const);
    const head = { exitCode: 1, durationMs: 1, timedOut: false, tests, altered: [], excerpt: '' };
    const check = { name: 'test', base: null, head, basis: 'tests', verdict: 'rework', newFailures: names } as const;
    const judge = (): GateResult => ({
      ...{ verdict: 'rework', feedback: 'again' },
      checks: [{ ...check, knownFailures: [], notes: [] }],
    });
    const relay = createRelay(fix, { gates: [createMemoryGate({ judge })] });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const job = await relay.job();
    const [told] = viewJob(job).checks;
    expect(told?.newFailures).toEqual({ count: 31, names: names.slice(0, 5) });
    const said = '31 tests newly red: adds, case 0, case 1, case 2, case 3 and 26 more';
    const timeline = renderTimeline(await Array.fromAsync(relay.store.journal(job.id, 0)));
    expect(timeline.find(({ step }) => step === 'verify')?.detail).toContain(said);
    expect(relay.source.comments('1')[0]?.body).toContain(said);
  });
});

describe('what a gate tells of a check', () => {
  const notes = [
    'It left no report at `junit.xml`. It was compared by exit code.',
    'It left a report that no reader knows, so that nothing is told of its tests: it was compared by its exit code.',
    `Red at first: ${'a word '.repeat(80)}and then not.`,
  ];
  const run = { exitCode: 0, durationMs: 1, timedOut: false, tests: null, altered: [], excerpt: '' };

  it('stands in the pull request whole, each note on a line of its own', async () => {
    const check = { name: 'test', base: run, head: run, basis: 'exit-code', knownFailures: [], notes } as const;
    const relay = createRelay(fix, {
      gates: [createMemoryGate({ judge: () => ({ verdict: 'pass', checks: [check] }) })],
    });
    relay.source.seed({ labels: ['baton'] });
    await relay.runOnce();
    const html = renderMarkdown(relay.forge.pulls()[0]?.body ?? '');
    for (const note of notes) expect(html).toContain(`<li>test: ${note}</li>`);
  });
});
