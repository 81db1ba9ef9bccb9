import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess } from '@baton/adapter-kit';
import { BatonError, type CallOptions, type Command, type RunningCommand, type SandboxPolicy } from '@baton/core';
import { createOwnedDirectory } from '../files/owned-directory.js';
import { commandDirectory } from './command-directory.js';
import { minimalEnvironment } from './minimal-environment.js';

/** Without confinement: a clean environment, a home and a temporary directory of its own, and an end for the whole tree. */
export async function spawnPlain(
  command: Command,
  policy: SandboxPolicy,
  options: CallOptions & { readonly path: string },
): Promise<RunningCommand> {
  options.signal?.throwIfAborted();
  if ((policy.overlays ?? []).length > 0) {
    throw new BatonError('CAPABILITY_UNSUPPORTED', 'Without confinement no overlay can be made.', {
      details: { capability: 'overlays' },
    });
  }
  const directory = commandDirectory(command, policy.root);
  const own = await createOwnedDirectory();
  const clear = (): Promise<void> => rm(own, { recursive: true, force: true, maxRetries: 3 });
  try {
    const [home, temporary] = [join(own, 'home'), join(own, 'tmp')];
    await Promise.all([mkdir(home), mkdir(temporary)]);
    const running = await startProcess(command.argv, {
      cwd: directory,
      env: { ...minimalEnvironment({ path: options.path, home, temporary }), ...command.env },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const dispose = async (): Promise<void> => {
      await running[Symbol.asyncDispose]();
      await clear();
    };
    let disposal: Promise<void> | null = null;
    return {
      stdin: running.stdin,
      stdout: running.stdout,
      stderr: running.stderr,
      exit: running.exit,
      [Symbol.asyncDispose]: () => (disposal ??= dispose()),
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
