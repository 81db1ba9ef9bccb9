import { BatonError, type CallOptions, type Command, type RunningCommand } from '@baton/core';
import { maxReadBytes } from './contained-files.js';

/**
 * A file as commands see it: for what lies in an overlay, which is nowhere else to be seen whole. It is read from
 * inside the sandbox, so that a link can lead to nothing that a command of the checkout could not read. Null where
 * there is no regular file. `TOO_LARGE` past `maxReadBytes`.
 */
export async function readByCommand(
  start: (command: Command, options?: CallOptions) => Promise<RunningCommand>,
  path: string,
  options?: CallOptions,
): Promise<Uint8Array | null> {
  const argv = ['sh', '-c', script, 'sh', path, String(maxReadBytes + 1)] as const;
  await using running = await start({ argv }, options);
  const bytes = new Uint8Array(await new Response(running.stdout).arrayBuffer());
  const { exitCode } = await running.exit;
  options?.signal?.throwIfAborted();
  if (exitCode !== 0) return null;
  if (bytes.length <= maxReadBytes) return bytes;
  throw new BatonError(
    'TOO_LARGE',
    `${JSON.stringify(path)} is longer than ${maxReadBytes} bytes, so it was not read.`,
    {
      details: { resource: path, limit: 'bytes', allowed: maxReadBytes },
      adapter: 'git-worktree',
    },
  );
}

/** Only what lies in the checkout, whatever links say. */
const script = [
  'real=$(realpath -e -- "$1") || exit 1',
  'case $real in "$PWD"/*) ;; *) exit 1 ;; esac',
  'test -f "$real" || exit 1',
  'exec head -c "$2" -- "$real"',
].join('\n');
