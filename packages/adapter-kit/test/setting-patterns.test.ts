import { describe, expect, it } from 'vitest';
import { kebabCase, variableName } from '../src/index.js';

describe('patterns of settings', () => {
  it.each(['claude', 'claude-code', 'b2-c3'])('%j is in kebab-case', (text) => expect(text).toMatch(kebabCase));

  it.each(['', 'Claude', 'two words', 'two_words', '-a', 'a-', 'a--b', '2a', 'a\n', 'ä'])(
    '%j is not in kebab-case',
    (text) => expect(text).not.toMatch(kebabCase),
  );

  it.each(['API_KEY', '_key', 'k2'])('%j names a variable', (text) => expect(text).toMatch(variableName));

  it.each(['', '2K', 'sk-1', 'A=B', 'A B', '$A', 'A\n'])('%j names no variable', (text) =>
    expect(text).not.toMatch(variableName),
  );
});
