import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, runBaton, startBaton } from './support/run-baton.js';
import { makeScratch } from './support/scratch.js';

const config = `version: 1
state: ./state
projects:
  - name: web
    source: { use: local, path: ./tracker }
    agents: [{ use: scripted, file: steps.yaml }]
    sandbox: { mode: "off" }
`;

/** A configuration whose tracker is empty: nothing is worked, no repository is needed. */
async function makeIdle() {
  const scratch = await makeScratch();
  await mkdir(join(scratch.path, 'tracker', 'issues'), { recursive: true });
  await writeFile(join(scratch.path, 'baton.config.yaml'), config);
  await writeFile(join(scratch.path, 'steps.yaml'), 'default: []\n');
  return scratch;
}

beforeAll(ensureBuilt, 180_000);

describe('the built command', () => {
  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [[], 2, /Usage: baton/, /^$/],
    [['sho'], 2, /^$/, /^error: Unknown command 'sho'\.\nfix: write show\n$/],
    [
      ['stop'],
      2,
      /^$/,
      /^error: Unknown command 'stop'\.\nfix: end the daemon by SIGTERM or SIGINT, .+ baton cancel <job>/,
    ],
    [
      ['show'],
      2,
      /^$/,
      /^error: Missing required argument 'job'\.\nfix: run baton show --help to see what there is\n$/,
    ],
    [['steer', 'j1'], 2, /^$/, /^error: Required option '-m, --message <text>' not specified\.\nfix: /],
    [['wait', 'j1', '--for', 'godot'], 2, /^$/, /Allowed choices are pr, end\.\nfix: /],
    [['config'], 2, /^$/, /^error: A verb is missing\.\nfix: run baton config --help/],
    [['status'], 2, /^$/, /^error: There is no baton\.config\.yaml in .+ or above it\.\nfix: run baton init/],
    [['-c', 'nope.yaml', 'list'], 2, /^$/, /^error: nope\.yaml: there is no such file\nfix: /],
    [['init'], 2, /^$/, /^error: Not prompting: stdin is not a terminal.*\nfix: pass --yes/],
    [
      ['--json', 'sho'],
      2,
      /^\{"error":\{"code":"USAGE","message":"Unknown command 'sho'\.","fix":"write show"\}\}\n$/,
      /^$/,
    ],
  ])('answers %j with exit %i', async (argv, exitCode, stdout, stderr) => {
    await using scratch = await makeScratch();
    const ended = await runBaton(argv, { cwd: scratch.path });
    expect(ended.stderr).toMatch(stderr);
    expect(ended.stdout).toMatch(stdout);
    expect(ended.exitCode).toBe(exitCode);
  });

  it('tells a wrong configuration with file, line and fix, for people and for programs', async () => {
    await using scratch = await makeIdle();
    await writeFile(join(scratch.path, 'baton.config.yaml'), config.replace('source:', 'sorce:'));
    const people = await runBaton(['config', 'validate'], { cwd: scratch.path });
    expect(people).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error: baton.config.yaml:5:5: projects[0].sorce: unknown key; did you mean source?\nfix: write source in place of sorce\n',
    });
    const programs = await runBaton(['config', 'validate', '--json'], { cwd: scratch.path });
    expect(JSON.parse(programs.stdout)).toMatchObject({
      error: { code: 'CONFIG_INVALID', problems: [{ line: 5, column: 5, path: 'projects[0].sorce' }] },
    });
    expect(programs.exitCode).toBe(2);
  });

  it('looks without leaving anything behind, and tells a job that is not there by exit 3', async () => {
    await using scratch = await makeIdle();
    const at = { cwd: join(scratch.path, 'tracker') };
    const [plan, list, show, explain] = await Promise.all([
      runBaton(['plan'], at),
      runBaton(['list', '--json'], at),
      runBaton(['show', 'j1', '--json'], at),
      runBaton(['explain', '7'], at),
    ]);
    expect(plan).toMatchObject({ exitCode: 0, stdout: 'no open issue matches (web: baton)\n' });
    expect(JSON.parse(list.stdout)).toEqual({ schema: 'baton.jobList/v1', items: [] });
    expect(JSON.parse(show.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect([show.exitCode, explain.exitCode]).toEqual([3, 3]);
    expect((await runBaton(['rescue', 'list'], at)).stdout).toBe('nothing was rescued\n');
    await expect(readFile(join(scratch.path, 'state', 'sqlite', 'store.db'))).rejects.toThrow('ENOENT');
  });

  it.each([
    [['gc', '--journals', '3x'], 'a duration such as 30s'],
    [['wait', '1', '--timeout', 'soon'], 'a duration such as 30s'],
    [['list', '--limit', '0'], 'a whole number, 1 at least'],
    [['run', '1', '--max-cost', 'much'], 'an amount of dollars above 0'],
  ])('says what an option takes that was given something else: %j', async (argv, takes) => {
    await using scratch = await makeIdle();
    expect(await runBaton(argv, { cwd: scratch.path })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`is invalid. It takes ${takes}`),
    });
  });

  it('keeps a pause over processes', async () => {
    await using scratch = await makeIdle();
    const at = { cwd: scratch.path };
    expect((await runBaton(['pause', '--reason', 'moving'], at)).exitCode).toBe(0);
    const paused = JSON.parse((await runBaton(['status', '--json'], at)).stdout);
    expect(paused).toMatchObject({ schema: 'baton.status/v1', paused: { reason: 'moving' } });
    expect((await runBaton(['resume'], at)).stdout).toBe('resumed\n');
    const resumed = JSON.parse((await runBaton(['status', '--json=paused'], at)).stdout);
    expect(resumed).toEqual({ schema: 'baton.status/v1', paused: null });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('runs until %s, drains and exits 0', async (signal) => {
    await using scratch = await makeIdle();
    const child = startBaton(['start', '--json'], { cwd: scratch.path });
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('The command has no pipes.');
    const events = text(stdout);
    const closed = once(child, 'close');
    for await (const line of createInterface({ input: stderr })) {
      if (JSON.parse(line).msg === 'ready') child.kill(signal);
    }
    expect(await closed).toEqual([0, null]);
    const types = (await events)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect([types[0], types.at(-1)]).toEqual(['engine-started', 'engine-stopped']);
  });

  it('outlives the pipe that reads its log', async () => {
    await using scratch = await makeIdle();
    const child = startBaton(['start', '--json'], { cwd: scratch.path });
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('The command has no pipes.');
    const closed = once(child, 'close');
    const types: string[] = [];
    stderr.once('data', () => stderr.destroy());
    for await (const line of createInterface({ input: stdout })) {
      types.push(JSON.parse(line).type);
      if (types.at(-1) !== 'project-polled') continue;
      // Long enough for more lines of its log.
      await sleep(300);
      expect(child.exitCode).toBeNull();
      child.kill('SIGTERM');
    }
    expect(await closed).toEqual([0, null]);
    expect([types[0], types.at(-1)]).toEqual(['engine-started', 'engine-stopped']);
  });

  it('writes a configuration that holds, and never over one that is there', async () => {
    await using scratch = await makeScratch();
    const at = { cwd: scratch.path };
    await mkdir(join(scratch.path, '.git'));
    await writeFile(join(scratch.path, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    await writeFile(join(scratch.path, '.git', 'config'), '[remote "origin"]\n\turl = https://host/acme/web.git\n');
    await writeFile(join(scratch.path, 'package.json'), '{"scripts":{"test":"node --test"}}');
    const argv = ['init', '--yes', '--agent', 'command', '--agent-run', './agent.sh'];
    expect((await runBaton(argv, at)).exitCode).toBe(0);
    const written = await readFile(join(scratch.path, 'baton.config.yaml'), 'utf8');
    expect(written).toContain('run: NODE_OPTIONS="$NODE_OPTIONS --test-reporter=tap" npm test');
    expect(written).toContain('report: tap');
    expect(written).toContain('remote: https://host/acme/web.git');
    expect((await runBaton(['config', 'validate'], at)).exitCode).toBe(0);
    expect(await runBaton(argv, at)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is there already'),
    });
    expect(await readFile(join(scratch.path, 'baton.config.yaml'), 'utf8')).toBe(written);
  });
});
