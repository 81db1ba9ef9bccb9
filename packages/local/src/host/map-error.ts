import { mapMachineError } from '@baton/adapter-kit';
import { BatonError, messageOf } from '@baton/core';

/** `id` of the adapter. */
export const adapterId = 'local';

const refusedByGit =
  /permission denied|authentication failed|could not read (?:username|password)|host key verification failed/i;

/** The code of an error of Node's file system, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What the file system said of a path. Errors of ours, and aborts, pass through as they are. */
export function mapFileError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (BatonError.is(error) || code === undefined || code === 'ABORT_ERR') return error;
  const trouble = mapMachineError(error, path, adapterId);
  if (trouble !== null) return trouble;
  if (code === 'EACCES' || code === 'EPERM') {
    return new BatonError('PERMISSION_DENIED', `${path} may not be read or written (${code}).`, {
      adapter: adapterId,
      cause: error,
      details: { resource: path },
      fix: `give the user that runs Baton access to ${path}`,
    });
  }
  return unavailable(`${path} can't be read or written (${code}).`, undefined, error);
}

/** What git said when it was asked for the branches of a remote. */
export function mapGitError(error: unknown, remote: string): BatonError {
  const said = messageOf(error).trim();
  const lines = said.split('\n').filter((each) => each.trim() !== '');
  const line = lines.find((each) => each.startsWith('fatal:')) ?? lines.at(-1) ?? 'no reason given';
  if (refusedByGit.test(said)) {
    return new BatonError('AUTH_FAILED', `The remote ${remote} refused us: ${line}`, {
      adapter: adapterId,
      details: {},
      cause: error,
      fix: 'let git reach the remote without asking, for example by an SSH key',
    });
  }
  return unavailable(`The remote ${remote} can't be reached: ${line}`, 'check the setting remote', error);
}

/** Something that a person can mend, or that mends itself: tried again later. */
export function unavailable(message: string, fix?: string, cause?: unknown): BatonError<'UNAVAILABLE'> {
  const init = { adapter: adapterId, details: {}, cause };
  return new BatonError('UNAVAILABLE', message, fix === undefined ? init : { ...init, fix });
}

/** The target of a write isn't there. */
export function notFound(resource: string): BatonError<'NOT_FOUND'> {
  return new BatonError('NOT_FOUND', `There is no ${resource}.`, { adapter: adapterId, details: { resource } });
}
