import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { BatonError } from '@baton/core';
import { expect } from 'vitest';
import { parseScript } from '../src/script.js';

const script = mutatedText(
  [
    'issues:\n  "1":\n    - write: { a.txt: "x\\n" }\n      summary: Done.\n    - edit: { path: a.txt, old: x, new: y }\ndefault:\n  - fail: broken\n    delayMs: 5\n',
    'default: [{ summary: &s done, usage: { inputTokens: 1, microUsd: null } }, { summary: *s }]\n',
    '{"issues":{},"default":[{"outcome":"needs-person","summary":"Which?"}]}',
  ],
  [
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '*b',
    '!!x ',
    '? ',
    '<<: *s\n',
    '__proto__: 1\n',
    '"',
    "'",
    '~',
    '|\n',
    '\t',
    '\ufeff',
    '%TAG ! x\n',
  ],
);

export const scripts = fuzzed('a script is read or told why not', script, (text) => {
  try {
    const read = parseScript(text, 'steps.yaml', 'scripted');
    for (const steps of Object.values(read.issues ?? {})) expect(Array.isArray(steps)).toBe(true);
  } catch (error) {
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    expect(error.message).toMatch(/^steps\.yaml /);
    expect(error.fix).toBeDefined();
  }
});
