import { describe, expect, it } from 'vitest';
import { cutText } from '../../src/text/cut-text.js';
import { renderTable } from '../../src/text/render-table.js';
import { padText, textWidth } from '../../src/text/text-width.js';
import { wrapText } from '../../src/text/wrap-text.js';

const family = '👩\u200d👩\u200d👧';

/** What takes two columns: told one by one, so that nothing is measured by itself. */
const wide = /👩\u200d👩\u200d👧|🇩🇪|👍🏽|❤\ufe0f|1\ufe0f\u20e3|[\u3000-\u9fff\uac00-\ud7a3\uff01-\uff60]|🎉/gu;
const columnsOf = (line: string): number => [...line.replaceAll(wide, '##').replaceAll(/\p{Mn}/gu, '')].length;

describe('what a terminal shows in two columns, or in none', () => {
  it.each([
    ['plain', 5],
    ['naïve – 1 · 2 … ✓ ✗ −3', 22],
    ['日本語', 6],
    ['한글', 4],
    ['Ａ！', 4],
    ['ｶﾞ', 2],
    ['\u1112\u1161\u11ab\u1100\u1173\u11af', 4],
    ['e\u0301', 1],
    [`a${'\u0300'.repeat(1_000)}`, 1],
    ['می\u200cخواهم', 7],
    ['🎉', 2],
    [family, 2],
    ['🇩🇪', 2],
    ['👍🏽', 2],
    ['❤\ufe0f', 2],
    ['1\ufe0f\u20e3', 2],
    ['\u001b[32m日本\u001b[39m', 4],
    ['\ud800', 1],
    ['', 0],
  ])('%j takes %i', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
    expect(padText(text, 8).slice(text.length)).toBe(' '.repeat(Math.max(0, 8 - columns)));
  });

  it('takes for a tab what it may take at most, so that its line fits wherever it stands', () => {
    expect(textWidth('\ta')).toBe(9);
  });

  const rows = [
    ['issue', 'check', 'title'],
    ['local:0001', 'lint', 'plain words, of which there are more than a line of eighty columns holds, surely'],
    [
      'local:0002',
      '答えが正しいこと',
      `回答は正しくありません。${'文書のいくつかの場所と、そこから作られるコードで誤っています。'.repeat(4)}`,
    ],
    ['local:0003', `${family} 🇩🇪`, '🎉'.repeat(60)],
    [
      'local:0004',
      'e\u0301te\u0301',
      '정답이 여러 곳에서 틀렸습니다 그리고 그것으로 만든 코드에서도 역시 그렇습니다 '.repeat(2),
    ],
    ['❤\ufe0f 1\ufe0f\u20e3', '', 'x'],
  ];

  it.each([80, 120])('a table lines up and fits in %i columns', (columns) => {
    const lines = renderTable(rows, columns).split('\n');
    expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
    // The third column begins behind the widest cell of each of the first two.
    const begin = 10 + 2 + 16 + 2;
    for (const line of lines) {
      const cut = line.search(/\S+(?:\s\S+)*$/u);
      expect([line, columnsOf(line.slice(0, cut))]).toEqual([line, begin]);
    }
  });

  it('breaks words of wide letters, which no blank parts, where a reader may', () => {
    const words = wrapText('見る： 答え「正しい」は、誤り。です', 10);
    expect(words).toEqual(['見る： 答', 'え「正し', 'い」は、誤', 'り。です']);
    expect(wrapText('日本語の文', 4)).toEqual(['日本', '語の', '文']);
    expect(wrapText('  日本語の文', 6)).toEqual(['  日本', '  語の', '  文']);
  });

  it('leaves what is to be copied whole', () => {
    const path = '/home/日本/文書/答え.txt';
    expect(wrapText(`see ${path} now`, 12)).toEqual(['see', path, 'now']);
    expect(wrapText('ここ 短い語', 8)).toEqual(['ここ', '短い語']);
  });

  it.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    [`ab${family}`, 4, `ab${family}`],
    [`ab${family}c`, 4, 'ab…'],
    [`${family}${family}`, 3, `${family}…`],
    ['🇩🇪🇫🇷', 3, '🇩🇪…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['日', 1, '…'],
  ])('%j is cut to %i columns between two signs: %j', (text, columns, cut) => {
    expect(cutText(text, columns)).toBe(cut);
    expect(textWidth(cut)).toBeLessThanOrEqual(columns);
  });
});
