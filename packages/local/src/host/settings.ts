import { findRemoteFlaw, resolvePath } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import { adapterId } from './map-error.js';

/** What stands beside `use: local`. */
export const settingsSchema = z.strictObject({
  path: z
    .string()
    .min(1)
    .default('.baton/local')
    .describe('The folder with issues and pull requests, relative to the configuration file'),
  remote: z
    .string()
    .min(1)
    .default('.')
    .describe('Any git URL, or a path relative to the configuration file. Without credentials'),
});

/** Settings as the schema has read them. */
export type LocalSettings = z.output<typeof settingsSchema>;

/** A remote as git is given it: paths absolute. Throws `CONFIG_INVALID` where it isn't for git. */
export function readRemote(remote: string, configDirectory: string): string {
  const flaw = findRemoteFlaw(remote);
  if (flaw !== null) {
    throw new BatonError('CONFIG_INVALID', `The setting remote of ${adapterId} ${flaw}.`, {
      adapter: adapterId,
      details: { setting: 'remote' },
      fix: flaw.includes('password') ? 'leave it out, and let git reach the remote by an SSH key' : 'change remote',
    });
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(remote)) return remote;
  // As git tells host:path from a path: a colon before the first slash.
  const isHostPath = /^[^/\\]+:/.test(remote) && !/^[a-z]:[\\/]/i.test(remote);
  return isHostPath ? remote : resolvePath(remote, configDirectory);
}
