import { existsSync } from 'node:fs';
import type { Overlay } from '@baton/core';

const unshare = '/usr/bin/unshare';
const mount = '/usr/bin/mount';

/**
 * The command that makes overlays and then becomes `argv`. bubblewrap 0.8 makes none itself, so they are mounted
 * around it, in namespaces that only this command is in. `userxattr`: what an ordinary user may do (Linux 5.11,
 * overlayfs.rst). Each is laid where no link leads, and nothing is started where one does. Null where the programs that
 * it takes aren't there.
 */
export function overlayCommand(
  overlays: readonly Overlay[],
  argv: readonly [string, ...string[]],
): readonly [string, ...string[]] | null {
  if (overlays.length === 0) return argv;
  if (!existsSync(unshare) || !existsSync(mount)) return null;
  const places = overlays.flatMap(({ path, lower, upper, work }) => [path, lower, upper, work]);
  return [
    unshare,
    '--user',
    '--map-root-user',
    '--mount',
    '--',
    '/bin/sh',
    '-c',
    script,
    'sh',
    ...places,
    '--',
    ...argv,
  ];
}

/**
 * The paths come as arguments: none is ever read as shell text. It enters a directory first, looks where it is, and
 * mounts there: by its path, a link that an earlier command left would lead to any directory of the host, over which
 * what commands wrote would be laid, programs that start the sandbox among it.
 */
const script = [
  'while [ "$1" != -- ]; do',
  '  cd "$1" && [ "$(pwd -P)" = "$1" ] || { echo "a link leads to $1, or nothing does" >&2; exit 1; }',
  `  ${mount} --no-canonicalize -t overlay -o "lowerdir=$2,upperdir=$3,workdir=$4,userxattr" overlay . || exit 1`,
  '  shift 4',
  'done',
  'shift',
  'cd /',
  'exec "$@"',
].join('\n');
