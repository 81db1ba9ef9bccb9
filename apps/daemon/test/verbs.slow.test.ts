import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonFields } from '../src/cli/json-fields.js';
import { verbs } from '../src/cli/verbs.js';
import { startDaemon } from './support/daemon-process.js';
import { type LocalScene, makeLocalScene } from './support/local-scene.js';
import { ensureBuilt } from './support/run-baton.js';

beforeAll(ensureBuilt, 180_000);

const plain = { sandbox: { mode: 'off' } };
const scene = (agent: string): Promise<LocalScene> => makeLocalScene({ agent: () => agent, project: () => plain });

const json = async (from: LocalScene, ...argv: string[]): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse((await from.baton(...argv)).stdout);

/** Every file below a vault looks as if nothing had been done in it for a long time. */
async function age(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    await utimes(join(entry.parentPath, entry.name), 1, 1);
  }
  await utimes(directory, 1, 1);
}

describe('verbs', () => {
  it('every one says which fields it answers with, and one that is misspelt has no effect', async () => {
    expect(Object.keys(jsonFields).toSorted()).toEqual(verbs.map(({ name }) => name).toSorted());
    await using at = await scene('true');
    const wrong = await at.baton('pause', '--json=reasn');
    expect(wrong).toMatchObject({ exitCode: 2 });
    expect(JSON.parse(wrong.stdout)).toEqual({
      error: {
        code: 'USAGE',
        message: 'baton pause answers with no field reasn; did you mean reason?',
        fix: 'write reason',
      },
    });
    expect(await json(at, 'status', '--json=paused')).toEqual({ schema: 'baton.status/v1', paused: null });
  });

  it('answer with the fields that they say', async () => {
    await using at = await scene('echo right > answer.txt');
    const answers: readonly (readonly [string, readonly string[]])[] = [
      ['run', ['1']],
      ['list', []],
      ['show', ['1']],
      ['plan', []],
      ['explain', ['1']],
      ['status', []],
      ['report', []],
      ['gc', ['--dry-run']],
      ['doctor', []],
      ['wait', ['1']],
      ['steer', ['1', '-m', 'left']],
      ['pause', []],
      ['resume', []],
      ['config validate', []],
    ];
    for (const [verb, argv] of answers) {
      const { schema, error, ...answer } = await json(at, ...verb.split(' '), ...argv, '--json');
      expect([verb, schema, error]).toEqual([verb, expect.stringMatching(/^baton\.\w+\/v1$/), undefined]);
      const { items } = answer;
      const given: unknown = Array.isArray(items) ? items[0] : answer;
      expect([verb, Object.keys(given ?? {}).filter((field) => !jsonFields[verb]?.includes(field))]).toEqual([
        verb,
        [],
      ]);
    }
    for (const verb of ['logs', 'audit']) {
      const [first = ''] = (await at.baton(verb, '1', '--json')).stdout.split('\n');
      const { schema: _schema, ...line } = JSON.parse(first);
      expect(Object.keys(line).filter((field) => !jsonFields[verb]?.includes(field))).toEqual([]);
    }
  });

  it('gc lets old journals go where it is asked to, and nothing that jobs came to', async () => {
    await using at = await scene('echo right > answer.txt');
    expect((await at.baton('run', '1')).exitCode).toBe(0);
    expect((await at.baton('gc', '--journals', '0s')).stdout).toContain('let the journals of 0 ended jobs go');
    await at.merge();
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect((await at.baton('gc', '--journals', '1h')).stdout).toContain('let the journals of 0 ended jobs go');
    expect((await at.baton('gc', '--journals', '0s', '--dry-run')).stdout).not.toContain('journals');
    expect((await at.baton('gc', '--journals', '0s')).stdout).toContain('let the journals of 1 ended job go');
    expect((await at.baton('audit', '1')).stdout).toBe('its journal was let go by baton gc --journals\n');
    expect(await at.job()).toMatchObject({ phase: 'done', outcome: 'merged', pullRequest: { number: 1 } });
  });

  it('show what was asked of a job until somebody acts on it', async () => {
    await using at = await scene('echo right > answer.txt');
    expect((await at.baton('run', '1', '--no-publish')).exitCode).toBe(7);
    expect((await at.baton('steer', '1', '-m', 'mind the gap')).exitCode).toBe(0);
    expect((await at.baton('cancel', '1')).exitCode).toBe(0);
    const asked = [{ type: 'steer', data: { message: 'mind the gap' } }, { type: 'cancel' }];
    expect(await json(at, 'show', '1', '--json')).toMatchObject({ pending: asked });
    expect(await json(at, 'list', '--json=pending')).toMatchObject({ items: [{ pending: asked }] });
    expect(await json(at, 'plan', '--json=pending')).toMatchObject({ items: [{ pending: asked }] });
    expect((await at.baton('list')).stdout).toContain('(steer, cancel asked)');
    expect((await at.baton('plan')).stdout).toContain('steer, cancel asked');
    expect((await at.baton('show', '1')).stdout).toMatch(/asked +steer "mind the gap", since .+; cancel, since /);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect(await json(at, 'show', '1', '--json')).toMatchObject({ phase: 'cancelled', pending: [] });
  });

  it('run --keep leaves the checkout and says where; gc takes it away, and vaults only when nothing needs them', async () => {
    await using at = await scene('echo right > answer.txt');
    const { checkout, phase } = await json(at, 'run', '1', '--keep', '--json');
    expect(phase).toBe('reviewing');
    expect(await readFile(join(String(checkout), 'answer.txt'), 'utf8')).toBe('right\n');

    const vaults = join(at.path, 'state', 'git-worktree', 'vaults');
    const [vault = ''] = await readdir(vaults);
    await age(join(vaults, vault));
    const sweep = async (...argv: string[]) => {
      const { items } = await json(at, 'gc', ...argv, '--json=what,action,reason');
      return Array.isArray(items)
        ? items.map(({ what, action, reason }) => `${what} ${action}${action === 'kept' ? `: ${reason}` : ''}`)
        : [];
    };
    expect(await sweep()).toEqual(['checkout kept: its job is reviewing', 'vault kept: it has checkouts']);
    await at.merge();
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect(await at.job()).toMatchObject({ phase: 'done', outcome: 'merged' });
    expect(existsSync(String(checkout))).toBe(false);
    expect(await sweep()).toEqual(['vault kept: it was used within 30 days']);
    await age(join(vaults, vault));
    expect(await sweep('--dry-run')).toEqual(['vault would-remove']);
    expect(await readdir(vaults)).toEqual([vault]);
    expect(await sweep()).toEqual(['vault removed']);
    expect(await readdir(vaults)).toEqual([]);

    // What is gone is brought in again.
    await writeFile(join(at.path, 'tracker', 'issues', '0002-more.md'), '---\nlabels: [baton]\n---\nMore.\n');
    expect(await json(at, 'run', '2', '--json=phase')).toMatchObject({ phase: 'reviewing' });
  });

  it('tell of an issue in every place so that it drives no terminal and forges no line', async () => {
    await using at = await scene('echo right > answer.txt');
    const odd = '\\e[31mEVIL\\u202e\\nforged';
    const issue = `---\ntitle: "t${odd}"\nlabels: [baton, "l${odd}"]\nauthor: "me${odd}"\n---\nMend it.\n`;
    await writeFile(join(at.path, 'tracker', 'issues', '0002-odd.md'), issue);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    const shown = [
      'list --all',
      'show 2',
      'status',
      'plan',
      'explain 2',
      'report --by label',
      'logs',
      'audit 2',
      'recover',
    ];
    for (const verb of shown) {
      const { stdout, stderr } = await at.baton(...verb.split(' '));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what drives a terminal.
      expect([verb, /[\u001b\u202e]|^forged/m.exec(stdout + stderr)?.[0]]).toEqual([verb, undefined]);
    }
    expect((await at.baton('report', '--by', 'label')).stdout).toContain('evil');
  });

  it("run --keep leaves nothing of an agent's to the git of a person who goes there", async () => {
    const settings = 'git config core.fsmonitor "touch $PWD/ran-by-git; :"; git config alias.st status';
    await using at = await scene(`echo right > answer.txt; ${settings}; echo mine > "$(git rev-parse --git-dir)/note"`);
    const { checkout } = await json(at, 'run', '1', '--keep', '--json');
    const git = async (...argv: string[]): Promise<string> =>
      (await promisify(execFile)('git', ['-C', String(checkout), ...argv])).stdout;
    expect(await git('status', '--short')).toBe(' M answer.txt\n');
    expect(existsSync(join(String(checkout), 'ran-by-git'))).toBe(false);
    expect(existsSync(join((await git('rev-parse', '--absolute-git-dir')).trim(), 'note'))).toBe(false);
  });

  it('rescue restore brings kept work into a branch and touches no file; gc keeps the vault that holds it', async () => {
    await using at = await scene('echo kept > answer.txt');
    expect((await at.baton('run', '1', '--no-publish')).exitCode).toBe(7);
    expect((await at.baton('reject', '1')).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    const { id, rescued } = await at.job();
    expect(rescued).toHaveLength(1);
    const vaults = join(at.path, 'state', 'git-worktree', 'vaults');
    const [vault = ''] = await readdir(vaults);
    await age(join(vaults, vault));
    expect((await at.baton('gc')).stdout).toContain('it holds rescued work');

    const clone = join(at.path, 'clone');
    await writeFile(join(clone, 'answer.txt'), 'being edited\n');
    const branch = `baton/rescue/${id}`;
    for (const time of [1, 2]) {
      const restored = await at.baton('rescue', 'restore', '1', '--into', 'clone');
      expect([time, restored.exitCode, restored.stderr]).toEqual([time, 0, '']);
      expect(restored.stdout).toContain(`branch ${branch} at `);
    }
    expect(await at.git('show', `${branch}:answer.txt`)).toBe('kept');
    expect(await at.git('branch', '--show-current')).toBe('main');
    expect(await readFile(join(clone, 'answer.txt'), 'utf8')).toBe('being edited\n');
    // Git itself refuses to write over what is being edited.
    const refused = await at.baton('rescue', 'restore', '1', '--into', 'clone', '--checkout');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error: git could not .+\nfix: /) });
    await at.git('checkout', '--', 'answer.txt');
    expect((await at.baton('rescue', 'restore', '1', '--into', 'clone', '--checkout')).exitCode).toBe(0);
    expect(await readFile(join(clone, 'answer.txt'), 'utf8')).toBe('kept\n');

    await at.git('switch', '--quiet', 'main');
    await at.git('branch', '--force', branch, 'main');
    await at.git('commit', '--quiet', '--allow-empty', '-m', 'Else');
    await at.git('branch', '--force', branch, 'main');
    expect(await at.baton('rescue', 'restore', '1', '--into', 'clone')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('holds something else'),
    });
    await mkdir(join(at.path, 'nowhere'));
    expect(await at.baton('rescue', 'restore', '1', '--into', 'nowhere')).toMatchObject({ exitCode: 2 });
  });

  it('rescue restore runs nothing of what it brings in', async () => {
    const hook = "printf '#!/bin/sh\\necho ran > hook-ran\\n' > .hooks/post-checkout; chmod +x .hooks/post-checkout";
    await using at = await scene(`echo kept > answer.txt; mkdir .hooks; ${hook}`);
    expect((await at.baton('run', '1', '--no-publish')).exitCode).toBe(7);
    expect((await at.baton('reject', '1')).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    // As tools set it that keep their hooks in the repository.
    await at.git('config', 'core.hooksPath', '.hooks');
    expect((await at.baton('rescue', 'restore', '1', '--into', 'clone', '--checkout')).exitCode).toBe(0);
    expect(await readdir(join(at.path, 'clone'))).toEqual(expect.arrayContaining(['.hooks', 'answer.txt']));
    expect(existsSync(join(at.path, 'clone', 'hook-ran'))).toBe(false);
  });

  it('wait ends with 5 where nobody works the jobs, and waits where somebody does', async () => {
    await using at = await scene('sleep 1; echo right > answer.txt');
    expect((await at.baton('run', '1', '--no-publish')).exitCode).toBe(7);
    expect((await at.baton('approve', '1')).exitCode).toBe(0);
    await mkdir(join(at.path, 'state', 'workers'), { recursive: true });
    // Left by a daemon that was killed; the number is another process's by now.
    await writeFile(join(at.path, 'state', 'workers', String(process.pid)), '1');
    await writeFile(join(at.path, 'tracker', 'issues', '0002-more.md'), '---\nlabels: [baton]\n---\nMore.\n');
    const alone = await at.baton('wait', '2', '--timeout', '100ms');
    expect(alone).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^error: No daemon .+\nfix: start one/) });
    await using daemon = startDaemon(at.path);
    expect((await at.baton('wait', '2')).exitCode).toBe(0);
    expect(await daemon.stop()).toBe(0);
    expect(await readdir(join(at.path, 'state', 'workers'))).toEqual([String(process.pid)]);
  });

  it('approve of a question is refused, and everybody is told how it is answered', async () => {
    await using at = await scene(
      'if grep -q blue; then echo blue > colour.txt; else echo "Which colour?"; exit 10; fi',
    );
    expect((await at.baton('list')).stdout).toMatch(/^no daemon has worked on .+ yet; .*baton recover/);
    expect((await at.baton('run', '1')).exitCode).toBe(7);
    const { id } = await at.job();
    const asks = { verdict: 'wait', wait: 'needs-person', outcome: null, reason: 'Which colour?' };
    expect(await json(at, 'explain', '1', '--json')).toMatchObject(asks);
    expect(await json(at, 'plan', '--json')).toMatchObject({ items: [asks] });
    const steer = `baton steer ${id} -m "…"`;
    expect(await at.baton('approve', '1')).toMatchObject({
      exitCode: 1,
      stderr: `error: Job ${id} asks a question, to which yes is no answer: Which colour?\nfix: answer it: ${steer}, or end it: baton reject ${id}\n`,
    });
    for (const verb of ['show', 'explain']) {
      const { stdout } = await at.baton(verb, '1');
      expect(stdout).toContain(steer);
      expect(stdout).not.toContain('baton approve');
    }
    expect((await at.baton('steer', '1', '-m', 'blue')).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect(await at.job()).toMatchObject({ phase: 'reviewing' });
    expect((await at.baton('cancel', '1')).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect(await json(at, 'explain', '1', '--json')).toMatchObject({ verdict: 'end', outcome: 'cancelled' });
    expect(await at.baton('cancel', '1')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/heeds nothing any more: it has ended \(cancelled\).*\nfix: .*baton retry/),
    });
  });

  it('retry --fresh is refused while the earlier pull request is open', async () => {
    await using at = await scene('echo right > answer.txt');
    expect((await at.baton('run', '1')).exitCode).toBe(0);
    expect((await at.baton('cancel', '1')).exitCode).toBe(0);
    expect((await at.baton('start', '--once')).exitCode).toBe(0);
    expect(await at.baton('retry', '1', '--fresh')).toMatchObject({
      exitCode: 9,
      stderr: expect.stringMatching(/^error: The pull request #1 of \w+ is open; .+\nfix: close it/),
    });
    expect((await at.job()).phase).toBe('cancelled');
    expect(await at.pulls()).toHaveLength(1);
  });
});
