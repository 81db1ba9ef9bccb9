import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { BatonError } from '@baton/core';

/** The kernel takes paths of sockets up to here (`sun_path` of unix(7), less the final NUL; macOS has four fewer). */
const longestPathBytes = 103;

/** A server that listens on a socket in a directory. */
export interface Listening {
  /** Stops listening and removes the socket. Connections that are open stay. */
  close(): Promise<void>;
}

/**
 * Listens on a Unix socket of this name, for this user alone. The directory may have any path: where it is too
 * long for a socket, it is reached through `/proc/self/fd`.
 */
export async function listenOnSocket(server: Server, directory: string, name: string): Promise<Listening> {
  const path = join(directory, name);
  const isShort = Buffer.byteLength(path) <= longestPathBytes;
  if (!isShort && process.platform !== 'linux') {
    throw new BatonError('CAPABILITY_UNSUPPORTED', `The path ${path} is too long for a socket on this system.`, {
      details: { capability: 'model-proxy' },
      fix: 'Set the state directory to a shorter path.',
    });
  }
  let handle: FileHandle | null = null;
  try {
    handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const address = isShort ? path : `/proc/self/fd/${handle.fd}/${name}`;
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen({ path: address, readableAll: false, writableAll: false }, done);
    });
    if (!(await lstat(path)).isSocket()) throw new Error('it was replaced');
  } catch (error) {
    server.close();
    await handle?.close();
    throw new BatonError('COMMAND_FAILED', `The way to the model could not be opened in ${directory}.`, {
      details: { command: 'model-proxy' },
      cause: error,
    });
  }
  const held = handle;
  return {
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      await rm(path, { force: true });
      await closed;
      await held.close();
    },
  };
}
