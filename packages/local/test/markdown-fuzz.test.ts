import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeMarkdown, createMarkdown, parseMarkdown } from '../src/markdown-file.js';

const fixed = { seed: 4711, numRuns: 800 };
const pieces = [
  '---',
  '---\n',
  '\r\n',
  '\n',
  'title: ',
  'a: &a [*a]',
  '? ',
  '- ',
  '"',
  "'",
  ': ',
  '#',
  '{',
  '}',
  '\t',
  '!!',
  '\ufeff',
];
const text = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 14 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

describe('a file with front matter', () => {
  it('is read or told why not, whatever its bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((each) => Buffer.from(each)),
          fc.uint8Array().map((each) => Buffer.from(each)),
        ),
        (bytes) => {
          const read = parseMarkdown(bytes);
          if ('problem' in read) expect(read.problem).not.toMatch(/\n|undefined/);
          else expect(changeMarkdown(read, {})).toEqual(bytes);
        },
      ),
      fixed,
    );
  });

  it('is read as it was written, whatever stands in it', () => {
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 3 }), (title, body, labels) => {
        const [fields, words] = [
          { title: title.toWellFormed(), labels: [...new Set(labels.map((each) => each.toWellFormed()))] },
          body.toWellFormed(),
        ];
        const read = parseMarkdown(createMarkdown(fields, words));
        if ('problem' in read) expect.fail(read.problem);
        expect(read.fields).toEqual(fields);
      }),
      fixed,
    );
  });
});
