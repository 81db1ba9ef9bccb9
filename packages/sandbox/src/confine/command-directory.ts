import { resolve } from 'node:path';
import { BatonError, type Command } from '@baton/core';
import { isInside } from './mount-plan.js';

/** The directory that a command starts in. `COMMAND_FAILED` where it would lie outside the root. */
export function commandDirectory(command: Command, root: string): string {
  const directory = resolve(root, command.cwd ?? '.');
  if (isInside(directory, root)) return directory;
  throw new BatonError(
    'COMMAND_FAILED',
    `The directory ${JSON.stringify(command.cwd)} lies outside the working tree.`,
    {
      details: { command: command.argv[0] },
    },
  );
}
