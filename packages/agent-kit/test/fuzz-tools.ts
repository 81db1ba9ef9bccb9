import { anyOdd, fuzzed, mutatedJson, mutatedText } from '@baton/conformance/fuzz';
import { BatonError, type CommandResult, type JsonValue, type WorkspaceView } from '@baton/core';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ToolOutcome } from '../src/tools/agent-tool.js';
import { createWorkspaceTools } from '../src/tools/workspace-tools.js';

/** What a model asks of the tools, in words that fit often enough. */
const asked: Readonly<Record<string, readonly JsonValue[]>> = {
  list_files: [{ path: 'src' }, { path: '/checkout' }, { path: '/etc' }, {}],
  search_files: [{ pattern: 'a.*b', path: '.', glob: '*.ts', ignore_case: true, context_lines: 2 }, { pattern: 'a' }],
  read_file: [{ path: 'a.txt', start_line: 2, end_line: 2 }, { path: 'a.txt' }, { path: '/srv/a.txt', start_line: 90 }],
  edit_file: [
    { path: 'a.txt', old_text: 'two', new_text: 'zwei', replace_all: true },
    { path: 'a.txt', old_text: 'o', new_text: 'zwei' },
    { path: 'a.txt', old_text: 'one\ntwo', new_text: 'x' },
    { path: 'a.txt', old_text: '  one\n\ttwo', new_text: 'x' },
    { path: '/srv/a.txt', old_text: 'tow three', new_text: 'x' },
  ],
  write_file: [
    { path: 'a.txt', content: 'x\n' },
    { path: '../a', content: '' },
    { path: 'b/..', content: 'x' },
  ],
  run_command: [{ command: 'ls', timeout_seconds: 3 }],
  ask_person: [{ question: 'Which?' }],
};
const call = fc.oneof(
  ...Object.entries(asked).map(([tool, samples]) =>
    fc.record({
      tool: fc.constant(tool),
      input: fc.oneof(
        { weight: 9, arbitrary: mutatedJson(samples, 1).map((each): JsonValue => JSON.parse(each)) },
        anyOdd,
      ),
    }),
  ),
);
const output = mutatedText(
  [
    './src/a.ts\n./src/b/c.ts\n./README.md\n',
    'ripgrep\nsrc/a.ts:1:x\nsrc/a.ts-2-y\n',
    'grep\n',
    `${Array.from({ length: 400 }, (_, at) => `./d${at % 40}/e${at % 7}/f${at}.ts`).join('\n')}\n`,
    `git grep\n${'a:1:line\n'.repeat(220)}`,
    '\u001b[31mred\u001b[0m\0\n',
  ],
  ['\n', './', '/', '//', 'x'.repeat(400), '\ud83d\ude00'.repeat(200), '\u001b[', '\r'],
);
const file = fc.oneof(
  mutatedText(
    ['one\ntwo\nthree\n', 'one\r\ntwo\r\nthree', '\tone\n  two\n'],
    ['\n', '\r\n', ' ', 'two', 'x'.repeat(3_000)],
  ),
  fc.constantFrom('', '\0', 'a\n'.repeat(1_500), `${'x'.repeat(3_000)}\n`.repeat(20)),
);
const use = fc.record({
  call,
  output,
  file: fc.option(file, { freq: 9 }),
  exitCode: fc.constantFrom(0, 0, 0, 0, 1, 2, null),
  timedOut: fc.integer({ min: 0, max: 20 }).map((each) => each === 0),
});

/** What stands in the one file, and what every command comes to. */
interface Scene {
  readonly file: string | null;
  readonly result: CommandResult;
}
let scene: Scene | null = null;
const refuse = async (): Promise<never> => {
  throw new BatonError('PERMISSION_DENIED', 'No.', { details: { resource: 'x' } });
};
const workspace: WorkspaceView = {
  root: '/checkout',
  scratch: '/scratch',
  exec: async () => scene?.result ?? expect.fail('no scene'),
  spawn: refuse,
  readFile: async () => (typeof scene?.file === 'string' ? Buffer.from(scene.file) : null),
  writeFile: async (path) => {
    expect(path).not.toMatch(/^(?:\/|\.\.(?:\/|$))/);
  },
};
const tools = createWorkspaceTools(workspace);

async function answer(tool: string, input: JsonValue, now: Scene): Promise<ToolOutcome> {
  scene = now;
  return (await tools.get(tool)?.run(input, {})) ?? expect.fail(tool);
}

/** Asked seldom enough that a seed could leave it out. */
const seldom: readonly (readonly [tool: string, input: JsonValue, file?: string])[] = [
  ['run_command', { command: 'ls' }],
  ['edit_file', { path: 'a.txt', old_text: 'one', new_text: 'one' }],
  ['edit_file', { path: 'a.txt', old_text: 'o', new_text: 'x' }, 'o\n'.repeat(40)],
  ['edit_file', { path: 'a.txt', old_text: '\n\n\n', new_text: 'x' }],
  ['list_files', { path: '.' }],
  ['list_files', { path: '/checkout' }],
  ['list_files', { path: '/checkout/' }],
];

export const answers = fuzzed(
  'a tool answers a model in words within bounds',
  use,
  async (told) => {
    const { exitCode, timedOut, output: stdout, call: asking } = told;
    const result = { exitCode, timedOut, stdout, stderr: stdout.slice(0, 90), truncated: false, durationMs: 1 };
    const outcome = await answer(asking.tool, asking.input, { file: told.file, result });
    expect(outcome.output).not.toBe('');
    expect(outcome.output.length).toBeLessThan(150_000);
  },
  seldom.flatMap(([tool, input, text = 'one\ntwo\n']) =>
    ([0, 2] as const).map((exitCode) => ({ call: { tool, input }, output: '', file: text, exitCode, timedOut: false })),
  ),
);

const unit = fc.constantFrom('a', 'ab', 'a b', '', 'b', ' ');
const passage = fc.record({ unit, times: fc.nat({ max: 40_000 }), end: unit });
const long = fc.record({
  file: passage,
  sought: passage,
  depth: fc.integer({ min: 1, max: 900 }),
  files: fc.integer({ min: 1, max: 900 }),
});

/** Files and names of an agent's own making, by which an answer could be made to take for ever. */
export const longFiles = fuzzed(
  'a tool takes no time over what is long',
  long,
  async ({ file: whole, sought, depth, files }) => {
    const write = (each: typeof sought): string => `${`${each.unit}\n`.repeat(each.times)}${each.end}`;
    const listed = Array.from({ length: files }, (_, at) => `./${'d/'.repeat(depth)}${at}`).join('\n');
    const result = { exitCode: 0, timedOut: false, stdout: listed, stderr: '', truncated: false, durationMs: 1 };
    const now = { file: write(whole), result };
    const edit = { path: 'a', old_text: ` ${write(sought)}x`, new_text: '' };
    expect(await answer('edit_file', edit, now)).toMatchObject({ isError: true });
    expect(await answer('list_files', {}, now)).toMatchObject({ isError: false });
  },
);
