import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { expect } from 'vitest';
import { cutText, cutTold } from '../src/text/cut-text.js';
import { escapeDiff, escapeJson, escapeLine, escapeText } from '../src/text/escape-control.js';
import { textWidth } from '../src/text/text-width.js';
import { leastWidth, wrapLines, wrapText } from '../src/text/wrap-text.js';

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

const signsOf = (text: string): readonly string[] =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);

const lettered = mutatedText(
  [`the answer 回答は「正しく」ありません。文書と、コード ${joined} 🇩🇪👍🏽 e\u0301 한글 /home/日本/文書`, ''],
  [
    ...['日', '本語', '、', '「', '」', 'ー', ' ', '  ', '\n', '\t', '\u0301', '\u200d', '\ufe0f', '\u001b[31m', '/'],
    ...['🎉', joined, '🇩', '👍', '🏽', '1\ufe0f\u20e3', '한', '\u1112', '\u1161', '\u11ab', 'ｶ', 'ﾞ', '\ud800', '…'],
  ],
);

export const laidOut = fuzzed(
  'what is cut and wrapped keeps its signs whole, and fits as far as words do',
  lettered,
  (text) => {
    for (const columns of [12, 80]) {
      const [line = ''] = text.split('\n');
      const cut = cutText(line, columns);
      const signs = signsOf(line);
      const isPlain = !line.includes('\u001b');
      if (isPlain) expect(textWidth(cut)).toBeLessThanOrEqual(columns);
      expect(cutTold(line, columns)).toBe(cut === line ? line : `${cut} (--json shows all)`);
      if (cut !== line) {
        const kept = signsOf(cut.replace(/…$/, ''));
        expect(signs.slice(0, kept.length)).toEqual(kept);
      }
      const wrapped = wrapText(text, columns);
      expect([wrapLines(text, null), wrapLines(text, columns)]).toEqual([text, wrapped.join('\n')]);
      const words = (of: string): string => of.replaceAll(/\s/g, '');
      expect(words(wrapped.join(''))).toBe(words(text));
      const least = Math.max(columns, ...text.split('\n').map((each) => leastWidth(each)));
      const longest = Math.max(...wrapped.map((each) => textWidth(each.replace(/^\s+/, ''))));
      expect(longest).toBeLessThanOrEqual(least + 8);
    }
  },
  [`${'日本'.repeat(60)}`, `${'「'.repeat(90)}`, `/${'日本'.repeat(60)}`, `a\u001b[31m${'日本'.repeat(60)}`],
);
