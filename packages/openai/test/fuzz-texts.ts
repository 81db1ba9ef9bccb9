import { fuzzed, mutatedText } from '@baton/conformance/fuzz';
import { expect } from 'vitest';
import { parseToolArguments } from '../src/api/tool-arguments.js';
import { readWrittenCalls } from '../src/api/written-calls.js';

const written = mutatedText(
  [
    '{"path": "a", "lines": [1, 2], "all": true}',
    '```json\n{"path": "a"}\n```',
    '{"path": "a\nb\t", "all": True, "none": None, "not": False,}',
    '"{\\"path\\": \\"a\\"}"',
    '{"path": "a"}}\n',
    '{"path": "a"}{"path": "a"}',
  ],
  ['{', '}', '[', ']', '"', '\\', ',', ':', 'True', 'None', 'null', '```', '\n', '\t', '"a"', '1e999'],
);

export const toolArguments = fuzzed('arguments are one object, or told why not', written, (text) => {
  const { input, flaw } = parseToolArguments(text);
  if (flaw === null) expect(Object.prototype.toString.call(input)).toBe('[object Object]');
  else expect(flaw).toMatch(/^The arguments .{10,300}$/s);
});

const call = '{"name": "read_file", "arguments": {"path": "a"}}';
const message = mutatedText(
  [
    `I look.\n<tool_call>${call}</tool_call>\n<tool_call>\n${call}\n</tool_call>`,
    `I look.\n\`\`\`json\n${call}\n\`\`\``,
    `<|python_tag|>${call}; {"name": "write_file", "parameters": {"path": "a"}}<|eom_id|>`,
    call,
    'x<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n```json\n{"path": "a"}\n```<｜tool▁call▁end｜>',
    '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>read_file<｜tool▁sep｜>{"path": "a"}<｜tool▁call▁end｜>',
  ],
  [
    '<tool_call>',
    '</tool_call>',
    '```',
    '```json\n',
    '<|python_tag|>',
    ';',
    '{',
    '}',
    '"',
    '<｜tool▁call▁begin｜>',
    call,
  ],
  3,
);
const offered = new Set(['read_file', 'write_file']);

export const writtenCalls = fuzzed('calls in a text are of tools that were offered', message, (text) => {
  const found = readWrittenCalls(text, offered);
  if (found === null) return;
  expect(found.calls.length).toBeGreaterThan(0);
  for (const each of found.calls) expect(offered).toContain(each.tool);
  expect(found.text.length).toBeLessThan(text.length);
});
