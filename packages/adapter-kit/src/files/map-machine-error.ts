import { BatonError } from '@baton/core';

type Code = 'DISK_FULL' | 'PERMISSION_DENIED' | 'UNAVAILABLE';

interface Trouble {
  readonly code: Code;
  /** A sentence about a path, without its end. */
  readonly what: (path: string) => string;
  readonly fix: string;
}

const full: Trouble = {
  code: 'DISK_FULL',
  what: (path) => `There is no room left for ${path}`,
  fix: 'Make room on that disk, or raise the quota.',
};
const files: Trouble = {
  code: 'UNAVAILABLE',
  what: (path) => `Too many files are open, so that ${path} can't be`,
  fix: 'Let the user that runs Baton have more files open: `ulimit -n`, or LimitNOFILE of its service.',
};
const processes: Trouble = {
  code: 'UNAVAILABLE',
  what: (path) => `The machine has no memory or no process left for ${path}`,
  fix: 'End what else runs there, raise the limits of the user that runs Baton, or lower `concurrency`.',
};

/** By the names of errno(3): what is wrong with the machine, whatever it was asked for. */
const troubles: Readonly<Record<string, Trouble>> = {
  ENOSPC: full,
  EDQUOT: full,
  EMFILE: files,
  ENFILE: files,
  EAGAIN: processes,
  ENOMEM: processes,
  EROFS: {
    code: 'PERMISSION_DENIED',
    what: (path) => `The disk of ${path} can only be read`,
    fix: 'Mount it for writing, and look in the log of the system why it is not.',
  },
  EIO: {
    code: 'UNAVAILABLE',
    what: (path) => `The disk of ${path} fails`,
    fix: 'Look in the log of the system what is wrong with it.',
  },
};

/**
 * What the machine lacks, where an error of Node's says so: room, files, memory, a disk that works. Null for any other
 * one, such as that of a name that isn't there. `path`: what was to be had, where the error names none.
 */
export function mapMachineError(error: unknown, path: string, adapter?: string): BatonError<Code> | null {
  if (!(error instanceof Error) || BatonError.is(error) || !('code' in error)) return null;
  const trouble = typeof error.code === 'string' && Object.hasOwn(troubles, error.code) ? troubles[error.code] : null;
  if (!trouble) return null;
  const named = 'path' in error && typeof error.path === 'string' && error.path !== '' ? error.path : path;
  const init = { cause: error, fix: trouble.fix, ...(adapter === undefined ? {} : { adapter }) };
  const message = `${trouble.what(JSON.stringify(named))} (${error.code}).`;
  switch (trouble.code) {
    case 'DISK_FULL':
      return new BatonError('DISK_FULL', message, { ...init, details: { path: named } });
    case 'PERMISSION_DENIED':
      return new BatonError('PERMISSION_DENIED', message, { ...init, details: { resource: named } });
    case 'UNAVAILABLE':
      return new BatonError('UNAVAILABLE', message, { ...init, details: {} });
  }
}
