import { existsSync } from 'node:fs';
import type { Overlay } from '@baton/core';

const unshare = '/usr/bin/unshare';
const mount = '/usr/bin/mount';

/**
 * The command that makes overlays and then becomes `argv`. bubblewrap 0.8 makes none itself, so they are mounted
 * around it, in namespaces that only this command is in. `userxattr`: what an ordinary user may do (Linux 5.11,
 * overlayfs.rst). Null where the programs that it takes aren't there.
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

/** The paths come as arguments: none is ever read as shell text. */
const script = [
  'while [ "$1" != -- ]; do',
  `  ${mount} -t overlay -o "lowerdir=$2,upperdir=$3,workdir=$4,userxattr" overlay "$1" || exit 1`,
  '  shift 4',
  'done',
  'shift',
  'exec "$@"',
].join('\n');
