import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { expect } from 'vitest';
import { escapeDiff, escapeJson, escapeLine, escapeText } from '../src/text/escape-control.js';

const joined = '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67';
const said = mutatedText(
  [`a title\r\nof\ttwo lines ${joined} \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n`, ''],
  [
    ...['\u001b[31m', '\u009b2J', '\r', '\n', '\t', '\u0085', '\u2028', '\u2029', '\u202e', '\u2066', '\ufeff'],
    ...['\u200b', 'a\u200d', '\u200c', '\u{e0041}', '\ud800', '\u0000', '\u007f', joined, '\\x1b', '"'],
  ],
);

export const shown = fuzzed(
  'what is shown drives no terminal and forges no line, and JSON loses nothing',
  said,
  (text) => {
    expect(escapeLine(text)).not.toMatch(/[\p{Cc}\p{Bidi_C}\u2028\u2029]/u);
    expect(escapeText(text)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_C}\u2028\u2029]/u);
    expect(escapeDiff(text)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Bidi_C}\u2028\u2029]/u);
    expect(escapeDiff(text).split('\n')).toHaveLength(text.split('\n').length);
    expect(escapeLine(text)).not.toMatch(/(?:^|\p{ASCII})[\u200c\u200d]/u);
    const json = escapeJson(JSON.stringify({ text }, null, 2));
    expect(json).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_C}]/u);
    expect(JSON.parse(json)).toEqual({ text });
  },
  ['a\u001bb\u202ec', `a\n${joined}\tb`, '\u200dx'],
);
