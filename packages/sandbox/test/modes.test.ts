import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { sweepProcesses } from '@baton/adapter-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBubblewrapSandbox } from '../src/index.js';
import {
  confined,
  countProcesses,
  createScene,
  eventually,
  run,
  type Scene,
  shell,
  startDaemon,
  unconfined,
  weakenBubblewrap,
} from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.dispose());

const missing = '/nowhere/bwrap';

describe('modes', () => {
  it('required refuses where bubblewrap is missing, and says what to do', async () => {
    const sandbox = createBubblewrapSandbox({ mode: 'required', bubblewrap: missing });
    const started = sandbox.spawn({ argv: ['true'] }, scene.policy());
    await expect(started).rejects.toMatchObject({
      code: 'CAPABILITY_UNSUPPORTED',
      fix: expect.stringContaining('bubblewrap'),
    });
  });

  it('best-effort runs unconfined there, and tells it', async () => {
    const sandbox = createBubblewrapSandbox({ mode: 'best-effort', bubblewrap: missing });
    expect(await sandbox.measure()).toMatchObject({
      files: 'open',
      network: 'open',
      processes: 'open',
      memory: 'open',
    });
    expect((await run(sandbox, scene.policy(), { argv: shell('echo "$TMPDIR"') })).stdout).toContain(tmpdir());
  });

  it('best-effort falls back where bubblewrap is there but does not work', async () => {
    const sandbox = createBubblewrapSandbox({ mode: 'best-effort', bubblewrap: '/bin/false' });
    const report = await sandbox.measure();
    expect(report).toMatchObject({ files: 'open', network: 'open', processes: 'open', memory: 'open' });
    expect(report.detail).toContain('could not be started');
    expect((await run(sandbox, scene.policy(), { argv: ['true'] })).exitCode).toBe(0);
  });

  it('off leaves no directory behind', async () => {
    const sandbox = createBubblewrapSandbox({ mode: 'off' });
    const { stdout } = await run(sandbox, scene.policy(), { argv: shell('echo "$HOME"; touch "$HOME/a" "$TMPDIR/b"') });
    const name = stdout.trim().split('/').at(-2) ?? '';
    expect(name).toMatch(/^baton-owned-/);
    expect(await readdir(tmpdir())).not.toContain(name);
  });

  it('says in diagnose what is missing and how to mend it', async () => {
    const sandbox = createBubblewrapSandbox({ mode: 'required', bubblewrap: missing });
    const lines = await Array.fromAsync(sandbox.diagnose?.() ?? []);
    expect(lines.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(
      expect.arrayContaining(['bubblewrap', 'sandbox files', 'sandbox network', 'sandbox processes']),
    );
    for (const line of lines.filter(({ ok }) => !ok)) expect(line.fix).toBeTruthy();
  });

  it('goes on measuring for the others when one caller aborts, and leaves nothing when all do', async () => {
    const sandbox = createBubblewrapSandbox({ mode: 'best-effort' });
    const [first, second] = [new AbortController(), new AbortController()];
    const reason = new Error('enough');
    const one = sandbox.measure({ signal: first.signal });
    const two = sandbox.measure({ signal: second.signal });
    first.abort(reason);
    await expect(one).rejects.toBe(reason);
    second.abort(reason);
    await expect(two).rejects.toBe(reason);
    expect((await sandbox.measure()).detail).not.toContain('could not');
  });
});

describe.skipIf(unconfined !== null)(confined('probes'), () => {
  const holes = {
    'the network of the host is shared': [`'--unshare-net '*) continue;;`, '', 'network'],
    'processes of the host are shared': [`'--unshare-pid '*) continue;;`, '', 'processes'],
    'the kernel can be written': [`'--ro-bind /proc/sys') ((i+=2)); continue;;`, '', 'files'],
    'the environment shows': ['', 'export DAEMON_TOKEN=secret', 'files'],
    'everything is mounted': [`'--dev /dev') kept+=(--bind / /);;`, '', 'files'],
    'a socket in a listed directory is left open': [
      `'--ro-bind /dev/null') [[ \${given[i+2]} == */host.sock ]] && ((i+=2)) && continue;;`,
      '',
      'network',
    ],
    'files are left open': ['', 'exec 30</etc/hostname', 'files'],
  } as const;
  for (const [name, [drop, setUp, kind]] of Object.entries(holes)) {
    it(`find that ${name}`, async (context) => {
      if (kind === 'files' && drop.includes('/proc/sys') && process.getuid?.() !== 0) context.skip('needs root');
      const bubblewrap = await weakenBubblewrap(scene.outside, drop, setUp);
      const weak = createBubblewrapSandbox({ mode: 'required', bubblewrap });
      const report = await weak.measure();
      expect(report[kind], report.detail).toBe('open');
      // What it began to see whether it is ended, it ends (G11).
      const isOver = async (): Promise<boolean> => (await countProcesses('trap : TERM HUP INT')) === 0;
      expect(await eventually(isOver)).toBe(true);
      await expect(weak.spawn({ argv: ['true'] }, scene.policy())).rejects.toMatchObject({
        code: 'CAPABILITY_UNSUPPORTED',
      });
    });
  }

  it('find capabilities that were kept', async (context) => {
    if (process.getuid?.() !== 0) context.skip('needs root');
    const drop = `'--cap-drop ALL') ((i+=1)); continue;; '--unshare-user '*|'--disable-userns '*) continue;; '--uid '*|'--gid '*) ((i+=1)); continue;;`;
    const weak = createBubblewrapSandbox({
      mode: 'best-effort',
      bubblewrap: await weakenBubblewrap(scene.outside, drop, `kept=(--cap-add ALL "\${kept[@]}")`),
    });
    const report = await weak.measure();
    expect(report.files, report.detail).toBe('open');
    expect(report.detail).toContain('remount');
  });
});

describe('a daemon that is killed', () => {
  const script = (mode: string, word: string): string => `
    const sandbox = createBubblewrapSandbox({ mode: '${mode}' });
    const argv = ['/bin/sh', '-c', 'setsid sh -c "trap : TERM HUP; echo ready; while :; do sleep 0.1; done" "$1" & wait', 'sh', '${word}'];
    const running = await sandbox.spawn({ argv }, ${JSON.stringify(scene.policy())});
    for await (const chunk of running.stdout) process.stdout.write(chunk);
  `;
  const killGroup = async (mode: string, word: string): Promise<void> => {
    const daemon = startDaemon(script(mode, word), ['ignore', 'pipe', 'inherit']);
    // Ends early where the daemon does: its own words stand in the output of the tests.
    if (daemon.stdout) await Promise.race([once(daemon.stdout, 'data'), once(daemon, 'exit')]);
    expect(await countProcesses(word)).toBeGreaterThan(1);
    process.kill(-(daemon.pid ?? 0), 'SIGKILL');
    await once(daemon, 'exit');
  };

  it.skipIf(unconfined !== null)('takes every confined command with it (G11, G17)', async () => {
    const word = `orphan-confined-${process.pid}`;
    await killGroup('required', word);
    expect(await eventually(async () => (await countProcesses(word)) === 0)).toBe(true);
  });

  it('leaves unconfined commands to the sweep of the next start (G11, G17)', async () => {
    const word = `orphan-plain-${process.pid}`;
    await killGroup('off', word);
    await sweepProcesses();
    expect(await countProcesses(word)).toBe(0);
  });
});
