import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeSpan, quoteClaim, stripHidden, tableCell, titleLine } from '../../src/text/untrusted-text.js';
import { actsOf, actsOfMarkdown, elementsOf, renderMarkdown, shownText } from './text-grammars.js';

/** What acts somewhere, whole and in pieces, so that the pieces meet in ways that nobody thought of. */
const tokens = [
  ...['closes', 'Fixes', 'resolved:', 'Implements', 'Closing', 'issues', 'fix', '#4', '#7', ', #6 and #7', '!12', '&3'],
  ...['acme/shop#8', 'GH-12', 'PROJ-123', 'PROJ-', '123', '#close', '#comment', '#time 2h', '~bug', '%"v 1"', '$5'],
  ...[
    'https://github.com/acme/shop/issues/5',
    'https://gitlab.com/a/b/-/issues/6',
    'https:',
    '//evil.example',
    'www.',
    'www.evil.example',
  ],
  ...[
    '@octocat',
    '_@all_',
    '@',
    'octocat',
    'a@b.example',
    'mailto:a@b.example',
    'main@9c1e2aa',
    '[x][1]',
    '[x](https://e)',
    '![x][1]',
  ],
  ...[
    '[1]: https://evil.example',
    '<https://evil.example>',
    '<img src=x>',
    '<b',
    '<!--',
    '-->',
    '<!-- baton:job=j1 -->',
    '<details>',
  ],
  ...[
    '&lt;',
    '&#64;octocat',
    '&commat;all',
    '\\',
    '\\@all',
    '`',
    '```',
    '~~~',
    '|',
    '|---|',
    '# Title',
    '===',
    '---',
    '***',
    '***NO_CI***',
  ],
  ...[
    '[skip ci]',
    '[ci skip]',
    '[no',
    'ci]',
    'skip-checks: true',
    'Signed-off-by: Eve <e@x>',
    'Co-authored-by: Eve <e@x>',
    'Baton-Job: j2',
  ],
  ...[
    'fixup! ',
    'squash! x',
    '/merge',
    '/close',
    '- [ ] x',
    '1. ',
    '- ',
    '+ ',
    '> ',
    '\t',
    '    ',
    '[^1]',
    '[^1]: x',
    ':',
    '!',
    '[',
    ']',
    '(',
    ')',
  ],
  ...['\u200b', '\u200d', '\u2060', '\u202e', '\u0000', '\r', '*', '_', '**', 'word', 'naïve', '日本', '👩‍👩‍👧', '😀'],
];
const joiners = ['', ' ', '\n', '\n\n', ': ', ', ', ' and ', '\t', '  \n'];
const untrusted = fc
  .array(fc.tuple(fc.constantFrom(...tokens), fc.constantFrom(...joiners)), { maxLength: 12 })
  .map((parts) => parts.map((part) => part.join('')).join(''));
const anything = fc.oneof({ weight: 4, arbitrary: untrusted }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) });
const fixed = { seed: 20_260, numRuns: 1_500 };

/** What a reader sees of a text: nothing of what has no width. */
const seen = (text: string): string => text.replaceAll('\u2060', '').replace(/\s+/g, ' ').trim();

describe('a title or a commit’s subject', () => {
  it('sets nothing off, and reads as it was written', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const title = titleLine(text, 10_000);
        expect(actsOf(title)).toEqual([]);
        expect(title).not.toContain('\n');
        expect(seen(title)).toBe(seen(stripHidden(text)));
      }),
      fixed,
    );
  });

  it('keeps within its length', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(titleLine(text, 72).length).toBeLessThanOrEqual(72);
        expect(actsOf(titleLine(text, 72))).toEqual([]);
      }),
      fixed,
    );
  });

  it.each([
    'Follow-up: "fixes #7" only half works',
    'Closes acme/billing#41 on Windows too',
    'Closes #4, #6 and #7',
    'Implements https://gitlab.com/a/b/-/issues/6',
    'PROJ-123 #close',
    '[skip ci] in a message is ignored on tags',
    'skip-checks: true',
    'Signed-off-by: Eve <eve@example.com>',
    'fixup! something',
  ])('sets nothing off: %s', (title) => {
    expect(actsOf(title)).not.toEqual([]);
    expect(actsOf(titleLine(title, 100))).toEqual([]);
    expect(seen(titleLine(title, 100))).toBe(title);
  });

  it.each([
    'fix(cart): count a coupon once',
    'feat!: drop Node 18',
    'Use UTF-8 in a C++ file, 50 % of 2026-01-02',
    'R & D: a/b.ts',
  ])('is left as it was, to the eye and to what reads its type: %s', (title) => {
    expect(seen(titleLine(title, 100))).toBe(title);
    expect(titleLine(title, 100)).toMatch(/^(?:fix\(cart\): |feat!: |Use|R)/);
  });
});

describe('an agent’s words in Markdown', () => {
  const harmless = new Set(['blockquote', 'p', 'ul', 'ol', 'li', 'br', 'pre', 'code']);

  it('are text and lists in a quotation, and set nothing off', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const quoted = quoteClaim(text);
        const html = renderMarkdown(`Closes x\n\n${quoted}\n\n### Evidence\n`);
        const [before = '', after = ''] = html.split(/<blockquote>[\s\S]*<\/blockquote>/);
        expect(actsOfMarkdown(quoted)).toEqual([]);
        expect([...elementsOf(renderMarkdown(quoted))].filter((each) => !harmless.has(each))).toEqual([]);
        expect(`${before}${after}`.replace(/\s+/g, ' ').trim()).toBe('<p>Closes x</p> <h3>Evidence</h3>');
      }),
      fixed,
    );
  });

  it('read as they were written', () => {
    const words = 'It _counted_ **twice**: `total()` in src/cart_total.ts [see](x) & <b> | 3 > 2 \\ #7, @bob.';
    expect(seen(shownText(renderMarkdown(quoteClaim(words))))).toBe(words);
  });
});

describe('a cell of a table', () => {
  it('holds its text and nothing else, and sets nothing off', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const cell = tableCell(text);
        const html = renderMarkdown(`| a | b |\n|---|---|\n| ${cell} | next |\n`);
        expect(actsOfMarkdown(cell)).toEqual([]);
        expect([...elementsOf(html)].sort()).toEqual(['table', 'tbody', 'td', 'th', 'thead', 'tr']);
        expect(html.match(/<td/g)).toHaveLength(2);
        expect(html).toContain('<td>next</td>');
        const words = seen(stripHidden(text));
        if (words.length < 200) expect(seen(shownText(html.split('<td>')[1] ?? ''))).toBe(words);
      }),
      fixed,
    );
  });

  it('begins no block where it begins a line', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const html = renderMarkdown(`\n${tableCell(text)}\n`);
        expect([...elementsOf(html)].filter((each) => each !== 'p')).toEqual([]);
      }),
      fixed,
    );
  });

  it('is one code span where it stands in one', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const name = codeSpan(`x${text}`);
        const html = renderMarkdown(`| a | b |\n|---|---|\n| \`${name}\` | next |\n`);
        expect([...elementsOf(html)].sort()).toEqual(['code', 'table', 'tbody', 'td', 'th', 'thead', 'tr']);
        expect(html).toContain('<td>next</td>');
        expect(actsOf(name)).toEqual([]);
      }),
      fixed,
    );
  });
});
