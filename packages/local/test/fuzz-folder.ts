import { anyOdd, fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import { readPeople } from '../src/host/actor.js';
import { changeList } from '../src/host/change-list.js';
import * as shapes from '../src/host/field-shapes.js';
import { changeMarkdown, createMarkdown, parseMarkdown } from '../src/host/markdown-file.js';

const pieces = [
  ...[
    '---',
    '---\n',
    '...\n',
    '\r\n',
    '\n',
    'title: ',
    'a: &a [*a]\n',
    '? ',
    '- ',
    '"',
    "'",
    ': ',
    '#',
    '{',
    '}',
    '\t',
  ],
  ...[
    '!!',
    '\ufeff',
    '__proto__: 1\n',
    '<<: *a\n',
    'labels: []\n',
    'labels:\n- a\n',
    '~',
    '|\n',
    '0x1f',
    '.inf',
    '!!js x',
  ],
];
const file = mutatedText(
  [
    '---\ntitle: The greeting\nlabels: [baton, bug]\nauthor: "@me"\npriority: 2\n---\n\nWrite it.\n',
    '---\r\nlabels:\r\n- a # why\r\n- b\r\nstate: open\r\n...\r\nBody\r\n',
    '\ufeff---\ntitle:\n  - nested\n---\n',
    '---\ntitle: 7\nlabels: { a: 1 }\nstate: ~\n---\n',
    '---\ntitle: 2026-11-22T10:00:00Z\nlabels: a, bug\nstate: "@ "\n---\n',
    '---\nlabels: [Baton, x]\nstate: yes\n---\n',
    'No front matter.\r\n',
    '---\n---\n',
    '---\n- a\n---\n',
    '---\n~\n---\nx',
  ],
  pieces,
);
const asFront = (front: string): Buffer => Buffer.from(`---\n${front}\n---\n`);
const bytes = fc.oneof(
  { weight: 9, arbitrary: file.map((each) => Buffer.from(each)) },
  fc.uint8Array().map((each) => Buffer.from(each)),
  fc.constantFrom(Buffer.from('\ufeffx', 'utf16le'), Buffer.from('\ufeffx', 'utf16le').swap16()),
  fc.constantFrom(...[`a: [${'1,'.repeat(5_001)}]`, `a: &a 1\nb: [${'*a,'.repeat(101)}]`, '? [a]\n: 1'].map(asFront)),
);
const value = fc.oneof(
  fc.constantFrom<unknown>(undefined, 'a', 7, true, null, ['a', 'b']),
  fc.array(fc.string(), { maxLength: 3 }),
);

/** Fields of a person's file that Baton changes, and leaves all else alone. */
export const files = fuzzed(
  'a file is read or told why not, and changed without a loss',
  fc.record({ bytes, key: fc.constantFrom('title', 'labels', 'state', 'new'), value, body: fc.option(fc.string()) }),
  ({ bytes: given, key, value: put, body }) => {
    const read = parseMarkdown(given);
    if ('problem' in read) {
      expect(read.problem).not.toMatch(/\n|undefined/);
      return;
    }
    expect(changeMarkdown(read, {})).toEqual(given);
    for (const shape of [
      shapes.wordsShape,
      shapes.wordShape,
      shapes.flagShape,
      shapes.instantShape,
      shapes.numberShape,
    ]) {
      const parsed = z
        .looseObject({ title: shape, priority: shapes.numberShape, labels: shape, state: shapes.loginShape })
        .safeParse(read.fields);
      if (!parsed.success)
        expect(shapes.toProblem(parsed.error).problem).toMatch(/^has a field .* of the wrong kind$/s);
    }
    const list = changeList(read, 'labels', ['Baton', 'x'], ['bug']);
    if (list !== null) expect(list.fields?.['labels']).not.toContain('bug');
    const change = body === null ? { fields: { [key]: put } } : { fields: { [key]: put }, body };
    const again = parseMarkdown(changeMarkdown(read, change));
    if ('problem' in again) expect.fail(again.problem);
    for (const [name, kept] of Object.entries(read.fields)) {
      if (name !== key && name !== '<<') expect(again.fields[name]).toEqual(kept);
    }
  },
  ['title: x\nlabels: [a, ~]', '%TAG ! x\n---\ntitle: x', 'labels: [a, b, a]'].map((front) => ({
    ...{ bytes: asFront(front), key: 'labels' as const, value: ['a', 'c'], body: null },
  })),
);

export const written = fuzzed(
  'a file is read as it was written, whatever stands in it',
  fc.record({
    title: file,
    body: file,
    labels: fc.uniqueArray(
      fc.string().map((each) => each.toWellFormed()),
      { maxLength: 3 },
    ),
  }),
  ({ title, body, labels }) => {
    const fields = { title: title.toWellFormed(), labels };
    const read = parseMarkdown(createMarkdown(fields, body.toWellFormed()));
    if ('problem' in read) expect.fail(read.problem);
    expect(read.fields).toEqual(fields);
  },
);

const people = fc.oneof(
  {
    weight: 9,
    arbitrary: mutatedText(
      ['ann: write\n"@bob": admin\nci: { permission: write, kind: bot }\neve: none\nbaton: read\n', '- ann\n', ''],
      pieces,
    ),
  },
  anyOdd.map((each) => JSON.stringify(each)),
);
const content = fc.oneof(
  {
    weight: 9,
    arbitrary: people.map((text) => ({
      kind: 'bytes' as const,
      bytes: Buffer.from(text),
      stamp: { value: '', changedAt: 0, bornAt: 0 },
    })),
  },
  fc.constantFrom({ kind: 'absent' as const }, { kind: 'problem' as const, problem: 'is no file' }),
);

export const permissions = fuzzed('who may do what is told, or that nobody can tell', content, async (found) => {
  const unused = (): never => expect.fail('Nothing but that one file is read.');
  const rest = { exists: unused, list: unused, stamp: unused, stamps: unused, replace: unused, create: unused };
  const folder = { root: '/nowhere', ...rest, remove: unused, read: async () => found };
  const read = await readPeople({ folder, read: unused, readAll: unused, change: unused, complain: unused });
  for (const login of ['ann', 'bob', 'ci', 'eve', 'baton', 'nobody', '', '__proto__', 'constructor']) {
    try {
      const actor = read.actor(login);
      expect(['person', 'bot', 'self']).toContain(actor?.kind);
      expect(['none', 'read', 'write', 'admin']).toContain(actor === null ? 'none' : read.permission(actor));
      expect(read.find(login)?.id ?? login).toBe(login);
    } catch (error) {
      if (!BatonError.is(error, 'UNAVAILABLE')) throw error;
    }
  }
  expect(read.actor(null)?.id ?? 'somebody').toBe('somebody');
});
