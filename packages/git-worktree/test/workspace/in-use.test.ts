import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError } from '@baton/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScene, type Scene } from '../scene.js';

const onLinux = process.platform === 'linux';

let scene: Scene;
let child: ChildProcess | null = null;

beforeEach(async () => {
  scene = await createScene();
});

afterEach(async () => {
  if (child !== null && child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  child = null;
  await scene.dispose();
});

/** Another process that works in the checkout of `j1`, once its command has begun. What it said so far. */
async function beginWork(script: string): Promise<() => string> {
  const resolution = new URL('../ts-resolution.mjs', import.meta.url).pathname;
  const program = new URL('../work-and-hang.ts', import.meta.url).pathname;
  const flags = ['--conditions=@baton/source', '--disable-warning=ExperimentalWarning', '--import', resolution];
  const argv = [...flags, program, scene.stateDirectory, scene.remote, script];
  const started = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  child = started;
  let said = '';
  started.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  await expect.poll(() => said, { timeout: 20_000 }).toContain('works');
  return () => said;
}

const writer = 'while :; do date +%N > stale.txt; sleep 0.01; done';

describe.runIf(onLinux)('a checkout in which another process runs a command (needs Linux)', () => {
  it('is nobody’s to open or remove until that one has ended its command', async () => {
    const said = await beginWork(writer);
    const provider = scene.createProvider();
    const remove = () => provider.remove({ job: 'j1', attempt: 1, role: 'work' });
    for (const attempt of [() => scene.open(provider), remove]) {
      const error: unknown = await attempt().catch((reason: unknown) => reason);
      expect(BatonError.is(error, 'UNAVAILABLE'), String(error)).toBe(true);
      expect(String(error)).toContain(`Process ${child?.pid}`);
    }
    child?.stdin?.write('\n');
    await expect.poll(said, { timeout: 20_000 }).toContain('ended');
    const workspace = await scene.open(provider);
    expect(workspace.reused).toBe(true);
    await workspace.snapshot();
    expect(await readdir(join(scene.stateDirectory, 'in-use'))).toEqual([]);
    await provider.close?.();
  });

  it('is cleared of what that one left where it was killed', async () => {
    await beginWork(writer);
    const ended = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await ended;
    const provider = scene.createProvider();
    const workspace = await scene.open(provider);
    expect(workspace.reused).toBe(true);
    const stale = await readFile(join(workspace.root, 'stale.txt'), 'utf8').catch(() => '');
    // Whoever still wrote there would do so within each of these commands.
    for (let look = 0; look < 3; look += 1) await workspace.exec({ argv: ['sleep', '0.05'] });
    expect(await readFile(join(workspace.root, 'stale.txt'), 'utf8').catch(() => '')).toBe(stale);
    expect(await readdir(join(scene.stateDirectory, 'in-use'))).toEqual([]);
    await provider.close?.();
  });
});

describe('a command that is just being started', () => {
  it('is ended with the others when the checkout is opened again', async () => {
    const provider = scene.createProvider();
    const first = await scene.open(provider);
    const starting = first.spawn({ argv: ['sleep', '600'] });
    const second = await scene.open(provider);
    await (await starting).exit;
    await second.snapshot();
    await provider.close?.();
  });
});
