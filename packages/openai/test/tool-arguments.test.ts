import { describe, expect, it } from 'vitest';
import { parseToolArguments } from '../src/api/tool-arguments.js';

describe('arguments of a call', () => {
  it.each([
    ['nothing', '', {}],
    ['a fence', '```json\n{"a":1}\n```', { a: 1 }],
    ['line breaks in a string', '{"a":"one\ntwo\tthree"}', { a: 'one\ntwo\tthree' }],
    ['commas before brackets', '{"a":[1,2,],}', { a: [1, 2] }],
    ['words of Python', '{"a":True,"b":None,"c":"None, True"}', { a: true, b: null, c: 'None, True' }],
    ['a bracket too many', '{"a":{"b":1}}}', { a: { b: 1 } }],
    ['the same twice', '{"a":1}{"a":1}', { a: 1 }],
    ['quotes and brackets in strings', '{"a":"}\\"]",}', { a: '}"]' }],
  ])('are mended: %s', (_, text, input) => {
    expect(parseToolArguments(text)).toEqual({ input, flaw: null });
  });

  it.each([
    ['cut in a string', '{"path":"a","content":"half'],
    ['cut behind a value', '{"path":"a"'],
    ['two that differ', '{"a":1}{"a":2}'],
    ['words behind', '{"a":1} and so on'],
    ['single quotes', "{'a':1}"],
    ['an escape that has no meaning', '{"a":"\\$HOME"}'],
    ['a list', '[1]'],
    ['a number', '5'],
  ])('are not guessed at: %s', (_, text) => {
    expect(parseToolArguments(text)).toEqual({ input: null, flaw: expect.stringMatching(/./) });
  });
});
