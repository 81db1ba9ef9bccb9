import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectOutput, createSystemRuntime } from '@baton/adapter-kit';
import type { CallOptions, Command } from '@baton/core';
import type { Spawn } from './measure.js';

/** Whether a command sees what lies below, and what it writes goes above and nowhere else. */
export async function tryOverlay(directory: string, spawn: Spawn, options: CallOptions): Promise<boolean> {
  if (/[:,\\]/.test(directory)) return false;
  const home = await mkdtemp(join(directory, 'overlay-'));
  try {
    const at = (name: string): string => join(home, name);
    for (const name of ['root', 'root/seen', 'lower', 'upper', 'work']) await mkdir(at(name));
    await writeFile(at('lower/below'), 'below');
    const overlay = { path: at('root/seen'), lower: at('lower'), upper: at('upper'), work: at('work') };
    const command: Command = {
      argv: ['/bin/sh', '-c', 'cat seen/below && echo -n above > seen/below'],
      timeoutMs: 10_000,
    };
    const policy = { root: at('root'), readable: [], writable: [at('root')], overlays: [overlay], network: [] };
    const running = await spawn(command, { ...policy, maxMemoryBytes: null, maxProcesses: null }, options);
    const result = await collectOutput(running, command, { ...options, clock: createSystemRuntime().clock });
    const [above, below] = [await readFile(at('upper/below'), 'utf8'), await readFile(at('lower/below'), 'utf8')];
    return result.exitCode === 0 && result.stdout === 'below' && above === 'above' && below === 'below';
  } catch {
    options.signal?.throwIfAborted();
    return false;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
