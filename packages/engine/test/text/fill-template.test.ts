import { describe, expect, it } from 'vitest';
import { fillTemplate, type TemplateAnswers } from '../../src/render/fill-template.js';

const answers: TemplateAnswers = {
  summary: '> It rounds now.',
  closes: 'Closes #7',
  evidence: ['- `test`: exit 0 (before: exit 1)'],
  checks: [
    { name: 'unit tests', isGreen: true },
    { name: 'lint', isGreen: false },
  ],
};

const fill = (template: string, change: Partial<TemplateAnswers> = {}): string | undefined =>
  fillTemplate(template, { ...answers, ...change })?.text;

describe("a repository's template", () => {
  it('is answered where something was measured, in its own order', () => {
    const template = `<!-- Thank you! -->
## What does this change?

Please tell us why.

## Related issue

Fixes #(issue)

## How has this been tested?

- [ ] Unit tests pass
- [x] Lint passes
- [ ] I have read CONTRIBUTING.md

## Screenshots
`;
    expect(fill(template)).toBe(`## What does this change?

> It rounds now.

## Related issue

Closes #7

## How has this been tested?

- \`test\`: exit 0 (before: exit 1)

- [x] Unit tests pass
- [ ] Lint passes
- [ ] I have read CONTRIBUTING.md

## Screenshots

Not checked by Baton.

Boxes without a tick were not checked by Baton.`);
  });

  it.each([
    ['All new and existing tests passed.', true],
    ['My change passes lint', false],
    ['Tests and lint pass', false],
    ['The build succeeds', false],
    ['I added tests, and they pass', false],
    ['No tests pass', false],
    ['Integration tests pass', false],
    ['Tests pass on Windows', false],
    ['I ran the tests by hand and they pass', false],
    ['The unit tests pass with this change', true],
    ['Tests', false],
    ['Passed a review', false],
  ])('has ticked what a green check stands for alone: %s', (text, isTicked) => {
    for (const mark of [' ', 'x', 'X']) {
      expect(fill(`- [${mark}] ${text}`)).toContain(isTicked ? '- [x] ' : '- [ ] ');
    }
  });

  it.each([
    // A word that stands inside the name of a check is no word of it.
    ['All UI tests pass and the build succeeds', ['test', 'build']],
    ['CI tests pass', ['circle test']],
    ['Go tests pass', ['django tests']],
    ['No tests pass', ['node test']],
    // A word of its own, which turns the claim round.
    ['No tests pass', ['no-network tests']],
    ['Tests pass without lint', ['tests without lint', 'lint']],
    // One letter or digit says as much as a word.
    ['Tests pass in C', ['lint in test']],
    ['0 tests pass', ['test']],
    ['Tests 不 pass', ['test']],
    ['Tests pass (x)', ['test']],
    // Signs that say no, and a question.
    ['Tests 🚫 pass', ['test']],
    ['~~Tests pass~~', ['test']],
    ['Tests pass?', ['test']],
    ['Tests\u00a0pass \u200bno\u200bt', ['test']],
    // What only looks like a check of that kind.
    ['Tests pass', ['latest']],
    ['Tests pass', ['inspect']],
  ])('has no tick for more than the names of checks say: %s', (text, names) => {
    const checks = names.map((name) => ({ name, isGreen: true }));
    expect(fill(`- [x] ${text}`, { checks })).toContain('- [ ] ');
  });

  it.each([
    ['Type check passes', ['typecheck']],
    ["The cart's tests pass", ['cart tests']],
    ['The cart’s tests pass', ['test:cart']],
    ['Builds, types & lint are clean.', ['build:prod', 'tsc', 'eslint']],
    ['Unit tests (e2e) pass', ['unit', 'test:unit e2e']],
    ['The `integration` tests are "green"', ['integration-tests']],
    ['All specs pass; tests pass', ['rspec specs']],
  ])('has a tick where names of checks say all of it: %s', (text, names) => {
    const checks = names.map((name) => ({ name, isGreen: true }));
    expect(fill(`- [ ] ${text}`, { checks })).toContain('- [x] ');
  });

  it('takes headings however they are written, and none inside code', () => {
    expect(fill('Summary\n=======\n\n**Testing:**\n\n```\n# not a heading\n- [ ] no box\n```\n\nRisks\n---\n')).toBe(
      [
        '# Summary',
        '> It rounds now.',
        '**Testing:**',
        '- `test`: exit 0 (before: exit 1)',
        '## Risks',
        'Not checked by Baton.',
      ].join('\n\n'),
    );
  });

  it('answers what is asked twice once, and nothing that it has no answer to', () => {
    expect(fill('# What\n# Why\n# Tests', { evidence: [] })).toBe(
      '# What\n\n> It rounds now.\n\n# Why\n\nSee above.\n\n# Tests\n\nNot checked by Baton.',
    );
  });

  it('sets nothing off by its own words', () => {
    const text = fill('# About @everyone, fixes #9 <img src=x>\n- [ ] closes #8, /approve') ?? '';
    expect(text).not.toMatch(/@everyone|#9|#8|<img/);
    expect(text).toContain('Closes #7');
  });

  it.each([
    ['nothing', ''],
    ['prose alone', 'Please describe your change.\n\nThanks!\n'],
    ['a comment without an end', '<!-- # Summary\n- [ ] Tests pass\n'],
    ['a table with boxes', '| done | what |\n|---|---|\n| [ ] | tests pass |\n'],
  ])('that asks nothing is not filled in: %s', (_, template) => {
    expect(fill(template)).toBeUndefined();
  });

  it('is bounded', () => {
    const begun = process.cpuUsage();
    const text = fill(`${'# Summary\n- [ ] Tests pass\n'.repeat(200_000)}${'#'.repeat(1_000_000)}`) ?? '';
    expect(text.length).toBeLessThan(20_000);
    for (const odd of [
      '# '.repeat(60_000),
      `# a${' #'.repeat(60_000)}`,
      '**'.repeat(30_000),
      '<!--'.repeat(16_000),
      `- [ ] ${' '.repeat(60_000)}`,
      `- [ ]${' '.repeat(60_000)}a\u2028b`,
      `# a${' '.repeat(60_000)}b`,
      `#${' '.repeat(60_000)}a\u2028b`,
      `**a**${' '.repeat(60_000)}b\n=${' '.repeat(3_000)}b`,
    ])
      fill(odd);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(2);
  });
});
