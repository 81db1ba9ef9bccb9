import { execFile, spawnSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonValue, WorkspaceView } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestWorkspace, type TestWorkspace } from '../src/testing.js';
import { createWorkspaceTools } from '../src/tools/workspace-tools.js';

const execute = promisify(execFile);

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await createTestWorkspace();
});
afterEach(() => workspace.dispose());

const use = async (tool: string, input: JsonValue, view: WorkspaceView = workspace.view) =>
  createWorkspaceTools(view).get(tool)?.run(input, {});
const write = (path: string, text: string | Uint8Array) => workspace.view.writeFile(path, text);
const read = async (path: string) => new TextDecoder().decode((await workspace.view.readFile(path)) ?? undefined);

describe('every tool', () => {
  it('tells a schema of a closed object, as plain data, and always in the same order', () => {
    const definitions = [...createWorkspaceTools(workspace.view).values()].map((tool) => tool.definition);
    expect(definitions.map((each) => each.name)).toEqual([
      'list_files',
      'search_files',
      'read_file',
      'edit_file',
      'write_file',
      'run_command',
      'ask_person',
    ]);
    for (const { inputSchema, description } of definitions) {
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(inputSchema).not.toHaveProperty('$schema');
      expect(description.length).toBeGreaterThan(60);
    }
  });

  it.each([
    ['read_file', { path: '../outside/x' }],
    ['read_file', { path: '/etc/passwd' }],
    ['write_file', { path: 'a/../../outside/x', content: '' }],
    ['edit_file', { path: '..', old_text: 'a', new_text: 'b' }],
    ['list_files', { path: '../outside' }],
    ['search_files', { path: '/etc', pattern: 'root' }],
  ])('%s stays in the workspace: %j', async (tool, input) => {
    expect(await use(tool, input)).toEqual({ isError: true, output: expect.stringContaining('outside') });
  });

  it.each([
    [{ path: 1 }],
    [{}],
    [{ path: 'a', lines: 3 }],
    ['a'],
    [{ path: 'a\0b' }],
    [{ path: `a/${'ä'.repeat(128)}` }],
  ])('an input that does not fit is told, field by field, and does nothing: %j', async (input) => {
    const outcome = await use('read_file', input);
    expect(outcome).toMatchObject({ isError: true, output: expect.stringContaining('nothing was done') });
  });
});

describe('read_file', () => {
  it('numbers lines and takes a range', async () => {
    await write('src/a.txt', 'one\ntwo\nthree\nfour\n');
    expect((await use('read_file', { path: 'src/a.txt' }))?.output).toBe('1\tone\n2\ttwo\n3\tthree\n4\tfour');
    const part = await use('read_file', { path: join(workspace.view.root, 'src/a.txt'), start_line: 2, end_line: 3 });
    expect(part?.output).toBe('2\ttwo\n3\tthree\n[the file goes on to line 4]');
    expect(await use('read_file', { path: 'src/a.txt', start_line: 9 })).toMatchObject({ isError: true });
  });

  it('shows so much of a long file and says how to go on', async () => {
    await write('long.txt', Array.from({ length: 5_000 }, (_, index) => `line ${index + 1}`).join('\n'));
    const { output = '' } = (await use('read_file', { path: 'long.txt' })) ?? {};
    expect(output).toContain('1000\tline 1000\n[lines 1001 to 5000 are not shown: read them with start_line 1001]');
    await write('wide.txt', 'x'.repeat(1_000_000));
    expect((await use('read_file', { path: 'wide.txt' }))?.output.length).toBeLessThan(3_000);
  });

  it('counts lines as they end, and takes apart none but those that it shows', async () => {
    await write('ends.txt', 'one\r\n\r\nthree\rfour\n\n');
    expect((await use('read_file', { path: 'ends.txt' }))?.output).toBe('1\tone\n2\t\n3\tthree\rfour\n4\t');
    await write('feeds.txt', '\n'.repeat(3_000_000));
    const { output = '' } = (await use('read_file', { path: 'feeds.txt', start_line: 2_999_999 })) ?? {};
    expect(output).toBe('2999999\t\n3000000\t');
    expect((await use('read_file', { path: 'feeds.txt', end_line: 1 }))?.output).toContain('goes on to line 3000000');
  });

  it('says what is no text, empty or not there', async () => {
    await write('binary', new Uint8Array([1, 0, 2]));
    await write('empty', '');
    expect((await use('read_file', { path: 'binary' }))?.output).toBe('binary is not text: 3 bytes.');
    expect((await use('read_file', { path: 'empty' }))?.output).toBe('empty is empty.');
    expect(await use('read_file', { path: 'gone' })).toMatchObject({ isError: true });
  });
});

describe('edit_file', () => {
  const edit = (old_text: string, new_text: string, replace_all = false) =>
    use('edit_file', { path: 'a.ts', old_text, new_text, replace_all });

  it('replaces what stands there once, and takes $ and the like as they are', async () => {
    await write('a.ts', 'const a = 1;\nconst b = 2;\n');
    expect(await edit('const b = 2;', 'const b = "$&$1";')).toEqual({
      isError: false,
      output: 'Edited a.ts at line 2.',
    });
    expect(await read('a.ts')).toBe('const a = 1;\nconst b = "$&$1";\n');
  });

  it('changes nothing where the passage stands several times, and names the lines', async () => {
    const text = 'x();\ny();\nx();\n\nx();\n';
    await write('a.ts', text);
    const outcome = await edit('x();', 'z();');
    expect(outcome).toMatchObject({ isError: true });
    expect(outcome?.output).toContain('stands there 3 times, at the lines 1, 3, 5');
    expect(await read('a.ts')).toBe(text);
    expect((await edit('x();', 'z();', true))?.output).toBe('Edited a.ts: 3 occurrences.');
    expect(await read('a.ts')).toBe('z();\ny();\nz();\n\nz();\n');
  });

  it('shows the nearest lines where the passage does not stand there', async () => {
    await write('a.ts', 'import x;\n\nfunction total(items) {\n  return items.length;\n}\n');
    const { output = '' } = (await edit('function totals(item) {', '')) ?? {};
    expect(output).toContain('Nothing was changed');
    expect(output).toContain('3\tfunction total(items) {');
    expect((await edit('entirely different words', ''))?.output).toContain('Nothing in the file looks like it');
  });

  it('says where only white space differs, and quotes it', async () => {
    await write('a.ts', 'a\n\tif (x) {\n\t\ty();\n\t}\n');
    const { output = '' } = (await edit('  if (x) {\n    y();\n  }', '')) ?? {};
    expect(output).toContain('other white space, from line 2:\n\tif (x) {\n\t\ty();\n\t}');
  });

  it('keeps the line ends, the mark of byte order and the missing end of a file', async () => {
    await write('a.ts', '\uFEFFone\r\ntwo\r\nthree');
    await edit('one\ntwo', '1\n2');
    expect(await workspace.view.readFile('a.ts').then((bytes) => Buffer.from(bytes ?? []).toString('utf8'))).toBe(
      '\uFEFF1\r\n2\r\nthree',
    );
  });

  it('neither edits nor makes a file that others would have to wait for', async () => {
    await write('a.ts', 'a'.repeat(2_000_001));
    expect((await edit('a', 'b', true))?.output).toContain('a.ts has 2000001 characters');
    await write('a.ts', 'a'.repeat(2_000_000));
    expect((await edit('a', 'bb', true))?.output).toContain('It would have 4000000 characters');
    expect((await edit('a', 'b'))?.output).toContain('stands there 2000000 times, at the lines 1, 1, 1');
    expect((await edit('a', 'b', true))?.output).toBe('Edited a.ts: 2000000 occurrences.');
    expect(await read('a.ts')).toBe('b'.repeat(2_000_000));
  });

  it('finds a long passage in the time of its length, and no other places than there are', async () => {
    const begun = process.cpuUsage();
    const half = 'a'.repeat(30_000);
    await write('a.ts', 'a'.repeat(1_900_000));
    expect((await edit(`${half}b${half}`, 'c'))?.output).toContain('Nothing was changed in a.ts');
    await write('a.ts', `${'ab'.repeat(900_000)}c`);
    expect((await edit(`bb${'ab'.repeat(30_000)}`, 'c'))?.output).toContain('Nothing was changed in a.ts');
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(10);

    const passage = `${'ab'.repeat(200)}c`;
    await write('a.ts', `ab${passage}\nabab${passage}${passage}\n$\n`);
    expect((await edit(passage, ''))?.output).toContain('stands there 3 times, at the lines 1, 2, 2');
    expect((await edit(passage, '$&', true))?.output).toBe('Edited a.ts: 3 occurrences.');
    expect(await read('a.ts')).toBe('ab$&\nabab$&$&\n$\n');
    // Where it lies over itself, each place is behind the one before.
    await write('a.ts', 'a'.repeat(1_000));
    expect((await edit('a'.repeat(300), 'b', true))?.output).toBe('Edited a.ts: 3 occurrences.');
    expect(await read('a.ts')).toBe(`bbb${'a'.repeat(100)}`);
  });

  it('refuses bytes that it would spoil', async () => {
    await write('a.ts', new Uint8Array([0x61, 0xff, 0x62]));
    expect((await edit('a', 'b'))?.output).toContain("is not UTF-8 text and can't be edited");
  });
});

it('write_file says whether there was a file before', async () => {
  expect((await use('write_file', { path: 'new/b.txt', content: 'a\nb\n' }))?.output).toBe(
    'Wrote new/b.txt, a new file: 2 lines.',
  );
  expect((await use('write_file', { path: 'new/b.txt', content: '' }))?.output).toBe('Replaced new/b.txt: 0 lines.');
});

describe('run_command', () => {
  it('tells exit code and both streams, without colours', async () => {
    const outcome = await use('run_command', { command: `printf '\\033[31mred\\033[0m\\n'; echo no >&2; exit 3` });
    expect(outcome).toEqual({ isError: true, output: 'exit code 3\nstandard output:\nred\nstandard error:\nno' });
  });

  it('drops the middle of a flood', async () => {
    const outcome = await use('run_command', { command: 'echo first; seq 1000000; echo last' });
    expect(outcome?.output).toMatch(/first\n1\n.*dropped\].*\nlast$/s);
    expect(outcome?.output.length).toBeLessThan(12_200);
  });

  it('kills what takes too long, with all that it began (G11)', async () => {
    const outcome = await use('run_command', {
      command: 'echo begun; (setsid sleep 1000 &); sleep 1000',
      timeout_seconds: 1,
    });
    expect(outcome).toMatchObject({ isError: true, output: expect.stringMatching(/^killed after 1 seconds/) });
    expect(await workspace.processes()).toEqual([]);
  });
});

describe('list_files', () => {
  it('says where there are more files than it looks at', async () => {
    const exec = async () => ({
      exitCode: 0,
      stdout: 'a\nb\n',
      stderr: '',
      durationMs: 1,
      timedOut: false,
      truncated: true,
    });
    const { output = '' } = (await use('list_files', {}, { ...workspace.view, exec })) ?? {};
    expect(output).toMatch(/^a\nb\n\[there are more files than were looked at/);
  });

  it('opens up as many levels as fit, and leaves out what git ignores', async () => {
    await execute('git', ['init', '-q', workspace.view.root]);
    await write('.gitignore', 'dist/\n');
    await write('dist/a.js', '');
    await write('-rf', '');
    for (let index = 0; index < 400; index += 1) await write(`src/many/${index}.ts`, '');
    await write('src/few/deep/ä.ts', '');
    expect((await use('list_files', {}))?.output.split('\n')).toEqual([
      '-rf',
      '.gitignore',
      'src/few/ (1 files)',
      'src/many/ (400 files)',
    ]);
    expect((await use('list_files', { path: 'src/few' }))?.output).toBe('deep/ä.ts');
    expect((await use('list_files', { path: 'src/many' }))?.output).toContain('[100 more entries]');
    expect(await use('list_files', { path: 'none' })).toMatchObject({ isError: true });
  });
});

describe('search_files', () => {
  /** The workspace as a machine has it that lacks programs. */
  const without = async (names: readonly string[]): Promise<WorkspaceView> => {
    const bin = join(workspace.outside, 'bin');
    await mkdir(bin);
    for (const name of ['sh', 'git', 'grep', 'rg', 'find', 'env']) {
      if (names.includes(name)) continue;
      const { stdout } = await execute('sh', ['-c', `command -v ${name} || true`]);
      if (stdout.trim() !== '') await symlink(stdout.trim(), join(bin, name));
    }
    const { exec } = workspace.view;
    return { ...workspace.view, exec: (command, options) => exec({ ...command, env: { PATH: bin } }, options) };
  };

  const hasRipgrep = spawnSync('sh', ['-c', 'command -v rg']).status === 0;

  const cases: readonly (readonly [searcher: string, missing: readonly string[]])[] = [
    ['git grep', ['rg']],
    ['grep', ['rg', 'git']],
    ...(hasRipgrep ? [['ripgrep', []] as const] : []),
  ];
  it.each(cases)('finds the same by %s', async (searcher, missing) => {
    const view = await without(missing);
    await execute('git', ['init', '-q', workspace.view.root]);
    await write('src/a.ts', 'const Total = 1;\nb\nreturn total(x);\n');
    await write('src/b.js', 'total\n');
    await write('-e', 'nothing\n');
    const by = `[searched by ${searcher}]`;
    const search = async (input: object) =>
      (await use('search_files', JSON.parse(JSON.stringify(input)), view))?.output;
    expect(await search({ pattern: 'total\\(', path: 'src' })).toBe(`src/a.ts:3:return total(x);\n${by}`);
    expect(await search({ pattern: 'total', glob: '*.ts', ignore_case: true })).toBe(
      `src/a.ts:1:const Total = 1;\nsrc/a.ts:3:return total(x);\n${by}`,
    );
    expect(await search({ pattern: '^b$', path: 'src/a.ts', context_lines: 1 })).toContain('src/a.ts-1-const Total');
    expect(await search({ pattern: '--no-such-thing' })).toBe(`Nothing matches in . (searched by ${searcher}).`);
    expect(await search({ pattern: 'nothing', path: '-e' })).toContain('-e:1:nothing');
  });

  it('tells a broken pattern as an error', async () => {
    await write('a', 'a');
    expect(await use('search_files', { pattern: '(' })).toMatchObject({ isError: true });
  });

  it('shows so many lines and says that there are more', async () => {
    await writeFile(join(workspace.view.root, 'many'), 'match\n'.repeat(1_000));
    const { output = '' } = (await use('search_files', { pattern: 'match' })) ?? {};
    expect(output.split('\n')).toHaveLength(201);
    expect(output).toContain('800 more lines are not shown');
  });
});
