import { describe, expect, it } from 'vitest';
import { escapeDiff, escapeJson, escapeLine, escapeText } from '../../src/text/escape-control.js';

describe('what a terminal is shown of a text', () => {
  it('shows JSON so that it drives no terminal and is read as it was', () => {
    const value = { said: 'a\u001b[2J \u009b31m \u202eevil\u{e0041} "quoted"\n\u200b日本 🎉' };
    const json = escapeJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]|\u{e0041}/u);
    expect(json.split('\n')).toHaveLength(3);
  });

  it('spells out what would drive a terminal or turn text around, and lets no text forge a line', () => {
    expect(escapeLine('a\u001b[2Jb\rc\nd\u0000')).toBe('a\\x1b[2Jb c d\\x00');
    expect(escapeLine('a \r\n\n\t b\u2028c\td')).toBe('a b c d');
    expect(escapeText('one\r\ntwo\rthree')).toBe('one\ntwo\nthree');
    expect(escapeLine('\u202eevil\u2066\u200b\u009b31m')).toBe('\\u{202e}evil\\u{2066}\\u{200b}\\x9b31m');
    expect(escapeText('one\n\ttwo\u0007')).toBe('one\n\ttwo\\x07');
    expect(escapeLine('naïve – 日本 🎉')).toBe('naïve – 日本 🎉');
  });

  it.each([
    ['\r', '\\x0d'],
    ['\u0085', '\\x85'],
    ['\u2028', '\\u{2028}'],
    ['\u2029', '\\u{2029}'],
  ])('a diff has the lines that git gave it, and %j begins none', (sign, told) => {
    const added = `+// a remark${sign}-evil();${sign}diff --git a/b b/b`;
    expect(escapeDiff(`@@ -0,0 +1,2 @@\r\n${added}\r\n+\tb\n`)).toBe(
      `@@ -0,0 +1,2 @@\n+// a remark${told}-evil();${told}diff --git a/b b/b\n+\tb\n`,
    );
  });

  it.each(['👩\u200d👧 at home', '❤\ufe0f\u200d🔥', 'می\u200cخواهم', 'क्\u200dष'])(
    'leaves %s as people write it',
    (text) => {
      expect(escapeLine(text)).toBe(text);
      expect(escapeText(text)).toBe(text);
    },
  );

  it('spells a joiner out where it would only hide', () => {
    expect(escapeLine('ba\u200dton \u200c')).toBe('ba\\u{200d}ton \\u{200c}');
    expect(escapeLine('a\u200c\u200db\u202e\u200c')).toBe('a\\u{200c}\\u{200d}b\\u{202e}\\u{200c}');
  });
});
