import { describe, expect, it } from 'vitest';
import { changeMarkdown, createMarkdown, parseMarkdown } from '../src/host/markdown-file.js';

function read(bytes: Buffer | string): Exclude<ReturnType<typeof parseMarkdown>, { readonly problem: string }> {
  const file = parseMarkdown(Buffer.from(bytes));
  if ('problem' in file) throw new Error(file.problem);
  return file;
}

describe('changing a file that a person wrote', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a list in brackets', '---\nlabels: [a, b] # mine\n---\nx', '---\nlabels: [ a, c ] # mine\n---\nx'],
    [
      'a list with dashes',
      '---\nlabels:\n  - a # keep\n  - b\n---\n\nx\n',
      '---\nlabels:\n  - a # keep\n  - c\n---\n\nx\n',
    ],
    ['dashes without indent', '---\nlabels:\n- a\n- b\n---\nx', '---\nlabels:\n- a\n- c\n---\nx'],
    ['no front matter', '# Title\n', '---\nlabels: [a, c]\n---\n\n# Title\n'],
    ['empty front matter', '---\n---\nx', '---\nlabels: [a, c]\n---\nx'],
    ['a null', '---\nlabels:\n---\nx', '---\nlabels: [a, c]\n---\nx'],
  ];
  for (const [name, before, after] of cases) {
    it(`keeps ${name} as it was written`, () => {
      const changed = changeMarkdown(read(before), { fields: { labels: ['a', 'c'] } });
      expect(changed.toString().replace('[ a, c ]', '[a, c]')).toBe(after.replace('[ a, c ]', '[a, c]'));
    });
  }

  it('keeps comments, own keys, quotes, order, long lines, line ends, byte order mark and broken bytes', () => {
    const long = 'word '.repeat(60).trim();
    const front = `# my notes\ntitle: 'quoted'\nlabels: [a]\n\n# mine\nestimate: 3\nnote: ${long}\n`;
    const text = `\uFEFF---\n${front}---\n\nBody.\n`.replaceAll('\n', '\r\n');
    const bytes = Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xfe, 0x0a])]);
    const changed = changeMarkdown(read(bytes), { fields: { labels: ['a', 'b'] } });
    const expected = Buffer.from(text.replace('labels: [a]', 'labels: [a, b]'));
    expect(changed.equals(Buffer.concat([expected, Buffer.from([0xff, 0xfe, 0x0a])]))).toBe(true);
  });

  it.each(['--- {title: a}\n', '--- # mine\ntitle: a\n', '\uFEFF---\ntitle: a\n'])(
    'keeps what stands in front matter that starts a document of its own: %j',
    (front) => {
      const changed = changeMarkdown(read(`---\n${front}---\nBody\n`), { fields: { state: 'closed' } });
      expect(read(changed).fields).toEqual({ title: 'a', state: 'closed' });
    },
  );

  it('tells of directives, which would be lost in writing', () => {
    const file = parseMarkdown(Buffer.from('---\n%TAG !e! tag:example.com,2026:\n--- {title: !e!x a}\n---\n'));
    expect(file).toEqual({ problem: 'has front matter with directives (%): leave them out' });
  });

  it('brings any text through front matter and body', () => {
    const texts = [
      '--upload-pack=x',
      '---',
      'a\n---\nb',
      "it's: [a] # {b}",
      '\u0000\u0007\u2028\u202e',
      '',
      ' x ',
      'null',
      '0012',
      '🚀',
      'Folded: a long line of it.\r\n \nAnd another long line of it.\r\n',
    ];
    for (const title of [...texts, 'y'.repeat(500), '\r\n', '*a', '&a', '!!js x', '%YAML', '"', '|', '>-\n x']) {
      const file = read(createMarkdown({ title, labels: [title] }, `---\n${title}`));
      expect(file.fields).toEqual({ title, labels: [title] });
      const again = read(changeMarkdown(file, { fields: { state: 'closed' } }));
      expect(again.fields).toEqual({ title, labels: [title], state: 'closed' });
      expect(again.body).toBe(file.body);
    }
  });
});
