import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { connectAdapter } from '@baton/adapter-kit';
import type { AdapterHost, Forge, IssueQuery, PullRequestRequest } from '@baton/core';
import local, { createLocal } from '@baton/local';
import { createMemoryHost } from '@baton/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalWorld, type LocalWorld } from './local-world.js';

const query: IssueQuery = { labels: ['baton'], excludeLabels: [], assignee: null };
const head = 'baton/local-0001';

let world: LocalWorld;
beforeEach(async () => {
  world = await createLocalWorld();
});
afterEach(async () => world.dispose());

function requestFor(branch = head): PullRequestRequest {
  const body = 'Closes local:0001\n\nIt counted twice.\n\n<!-- baton:job=j1 -->';
  return { head: branch, base: 'main', title: 'Count once', body, draft: true, labels: ['baton'] };
}

async function observe(forge: Forge, id = '0001'): ReturnType<Forge['observe']> {
  return forge.observe([{ id, cursor: null }]);
}

describe('a whole run in a folder', () => {
  it('changes nothing, byte for byte, when it is repeated (G17)', async () => {
    await world.write('issues/0001-cart.md', '---\nlabels: [baton] # mine\nauthor: alice\n---\n\nOff by one.\r\n');
    const run = async (): Promise<void> => {
      const { source, forge } = world.createLocal();
      const page = await source.poll(query, null);
      expect(page.kind === 'changed' && page.issues.length).toBe(1);
      await source.ensureComment({ issueId: '0001', topic: 'status', body: '### Baton · working\r\n\n| a | b |\n' });
      await source.ensureLabels({ issueId: '0001', add: ['baton:working'], remove: ['baton:done'] });
      await source.ensureAssigned?.('0001', true);
      const { pullRequest } = await forge.ensurePullRequest(requestFor());
      await forge.ensureComment({ pullRequestId: pullRequest.id, topic: 'review', body: 'Ready.' });
      await observe(forge);
    };
    await world.push(head);
    await run();
    const [contents, footprint] = [await world.contents(world.folder), await world.footprint()];
    await run();
    await run();
    expect(await world.contents(world.folder)).toEqual(contents);
    expect(await world.footprint()).toBe(footprint);
    expect(await world.read('issues/0001-cart.md')).toBe(
      '---\nlabels: [baton, baton:working] # mine\nauthor: alice\nassignees: [baton]\n---\n\nOff by one.\r\n',
    );
  });
});

describe('pull requests in a folder', () => {
  it('close on a merge what their first line says, and nothing that an agent says below it', async () => {
    for (const name of ['0001-cart', '0002-other', '0003-third']) {
      await world.write(`issues/${name}.md`, '---\nauthor: alice\n---\nOff by one.\n');
    }
    await world.push(head);
    const { forge } = world.createLocal();
    const words = '> This tidies up and closes 0002, closes 2.\n\nCloses local:0003\ncloses #3';
    await forge.ensurePullRequest({ ...requestFor(), body: `Closes local:0001\n\n${words}` });
    await world.write('pulls/0001.md', (await world.read('pulls/0001.md')).replace('state: open', 'state: merged'));
    await observe(forge);
    expect(await world.read('issues/0001-cart.md')).toContain('state: closed');
    expect(await world.read('issues/0002-other.md')).not.toContain('closed');
    expect(await world.read('issues/0003-third.md')).not.toContain('closed');
  });

  it('are one for each branch, under numbers of their own, however many daemons ask at once (G21)', async () => {
    const branches = Array.from({ length: 5 }, (_, index) => `baton/local-${index}`);
    for (const branch of branches) await world.push(branch);
    const daemons = [world.createLocal().forge, world.createLocal().forge, world.createLocal().forge];
    const made = await Promise.all(
      branches.flatMap((branch) => daemons.map((forge) => forge.ensurePullRequest(requestFor(branch)))),
    );
    const numbers = new Map<string, Set<number>>();
    for (const { pullRequest } of made) {
      numbers.set(pullRequest.head, (numbers.get(pullRequest.head) ?? new Set()).add(pullRequest.number));
    }
    expect([...numbers.values()].map((each) => each.size)).toEqual([1, 1, 1, 1, 1]);
    expect(new Set([...numbers.values()].flatMap((each) => [...each])).size).toBe(5);
    expect((await world.list('pulls')).length).toBe(5);
  });

  it('wait for another process that opens one, and not for a dead one', async () => {
    await world.push(head);
    await world.write('pulls/readme.txt', 'so that the directory is there');
    const hold = `new (require('node:sqlite').DatabaseSync)(process.argv[1]).exec('BEGIN EXCLUSIVE');
      process.stdout.write('held'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['-e', hold, `${world.folder}/pulls/.lock`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const slept = Promise.withResolvers<void>();
    const { clock } = world.runtime;
    const sleep: typeof clock.sleep = (milliseconds) => {
      slept.resolve();
      return clock.sleep(milliseconds);
    };
    Object.assign(world.runtime, { clock: { ...clock, sleep } });
    const call = world.createLocal().forge.ensurePullRequest(requestFor());
    await slept.promise;
    expect(await world.list('pulls')).toEqual(['readme.txt']);
    other.kill('SIGKILL');
    expect((await call).action).toBe('created');
  });

  it('close their issue when a person merges them, once', async () => {
    await world.write('issues/0001-cart.md', '---\nlabels: [baton]\n---\nOff by one.\n');
    await world.write('issues/0002-other.md', '---\nlabels: [baton]\n---\nAnother.\n');
    await world.push(head);
    const { forge, source } = world.createLocal();
    await forge.ensurePullRequest(requestFor());
    await observe(forge);
    expect((await source.get('0001'))?.state.unified).toBe('open');
    await world.write('pulls/0001.md', (await world.read('pulls/0001.md')).replace('state: open', 'state: merged'));
    await observe(forge);
    expect(await world.read('issues/0001-cart.md')).toBe('---\nlabels: [baton]\nstate: closed\n---\nOff by one.\n');
    expect((await source.get('0002'))?.state.unified).toBe('open');
    await world.write('issues/0001-cart.md', '---\nlabels: [baton]\nstate: open\n---\nOff by two.\n');
    await observe(world.createLocal().forge);
    expect((await source.get('0001'))?.state.unified).toBe('open');
  });

  it('are not taken for gone, nor doubled, while a person has broken their file (G7)', async () => {
    for (const branch of [head, 'baton/local-0002']) await world.push(branch);
    const { forge } = world.createLocal();
    await forge.ensurePullRequest(requestFor());
    await world.write('pulls/0001.md', `---\nhead: ${head}\nlabels: [\n---\n`);
    expect((await observe(forge))[0]?.pullRequest.state.unified).toBe('open');
    const fresh = world.createLocal().forge;
    await expect(observe(fresh)).rejects.toMatchObject({ code: 'UNAVAILABLE', fix: 'mend pulls/0001.md' });
    await expect(fresh.ensurePullRequest(requestFor())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await fresh.ensurePullRequest(requestFor('baton/local-0002'))).action).toBe('created');
  });

  it('are not opened for a branch that was never pushed', async () => {
    await expect(world.createLocal().forge.ensurePullRequest(requestFor())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await world.list('pulls')).toEqual([]);
  });
});

describe('the remote', () => {
  const createHost = (): AdapterHost =>
    createMemoryHost({
      runtime: world.runtime,
      stateDirectory: `${world.directory}/state`,
      configDirectory: `${world.directory}/project`,
    });

  it('is named by the configuration, whose source and forge are one folder', async () => {
    const settings = { path: 'tracker', remote: '../shop.git' };
    const host = createHost();
    const forge = await connectAdapter(local, 'forge', settings, host);
    const source = await connectAdapter(local, 'source', settings, host);
    expect(await forge.remote()).toEqual({ url: world.remote });
    expect(forge.repository).toBe('shop');
    expect(await forge.defaultBranch()).toBe('main');
    await world.write('issues/0001-cart.md', '---\nlabels: [baton]\n---\n');
    expect((await source.get('0001'))?.key).toBe('local:0001');
  });

  it('must be an address without secrets, options or helpers', async () => {
    const secrets = [
      'https://user:secret@example.com/x.git',
      'https://token@example.com/x.git',
      'ssh://git:secret@example.com/x',
    ];
    for (const remote of [...secrets, '--upload-pack=x', 'ext::sh -c x', 'a\nb', '', 7]) {
      const refused = await connectAdapter(local, 'forge', { remote }, createHost()).catch((error: unknown) => error);
      expect(refused, String(remote)).toMatchObject({ code: 'CONFIG_INVALID' });
      expect(String(refused)).not.toMatch(/secret|token@/);
    }
    for (const remote of [
      'git@example.com:acme/web.git',
      'ssh://git@example.com/x',
      'https://example.com/x.git',
      '..',
    ]) {
      await connectAdapter(local, 'forge', { remote }, createHost());
    }
  });

  it('is unavailable where it can not be reached', async () => {
    const { runtime } = world;
    const options = { runtime, stateDirectory: `${world.directory}/state`, configDirectory: world.directory };
    const { forge } = createLocal({ ...options, remote: 'nowhere.git' });
    await expect(forge.defaultBranch()).rejects.toMatchObject({ code: 'UNAVAILABLE', isRetryable: true });
    const lines = [];
    for await (const line of forge.diagnose?.() ?? []) lines.push(line);
    expect(lines.map(({ check, ok }) => [check, ok])).toEqual([
      ['folder', false],
      ['remote', false],
    ]);
    expect(lines.every(({ fix }) => fix !== null)).toBe(true);
  });

  it('leaves no process behind when the call is aborted (G11)', async () => {
    const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
    const server = createServer((socket) => socket.on('error', () => undefined).once('data', () => onAsked()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { runtime } = world;
    const options = { runtime, stateDirectory: `${world.directory}/state`, configDirectory: world.directory };
    const { forge } = createLocal({ ...options, remote: `git://127.0.0.1:${port}/shop.git` });
    const controller = new AbortController();
    const call = forge.defaultBranch({ signal: controller.signal });
    await asked;
    const reason = new Error('stopped');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
    const names = children
      .trim()
      .split(' ')
      .filter(Boolean)
      .map((id) => readFile(`/proc/${id}/comm`, 'utf8').catch(() => ''));
    expect((await Promise.all(names)).filter((name) => name.startsWith('git'))).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  }, 10_000);
});

describe('doctor', () => {
  it('says what is wrong and how to mend it', async () => {
    await world.write('issues/0001-cart.md', '---\nlabels: [\n---\n');
    await world.write('people.yaml', '{{{');
    await world.push('baton');
    const { source, forge } = world.createLocal();
    const lines = [];
    for (const adapter of [source, forge]) for await (const line of adapter.diagnose?.() ?? []) lines.push(line);
    const wrong = lines.filter(({ ok }) => !ok);
    expect(wrong.map(({ check }) => check)).toEqual(['people', 'issues', 'people', 'branch names']);
    expect(wrong.every(({ fix }) => fix !== null)).toBe(true);
    expect(lines.filter(({ ok }) => ok).every(({ fix }) => fix === null)).toBe(true);
  });

  it('says of whom people.yaml tells nothing that can be read, though it tells of others', async () => {
    await world.write('people.yaml', 'alice: write\nbob: rite\n');
    const lines = await Array.fromAsync(world.createLocal().source.diagnose?.() ?? []);
    expect(lines.find(({ check }) => check === 'people')).toMatchObject({
      ok: false,
      detail: 'people.yaml says of bob neither none, read, write nor admin.',
    });
  });
});
