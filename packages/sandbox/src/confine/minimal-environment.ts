import { dirname } from 'node:path';

/** Where programs are looked for unless told otherwise: Node stands there too, wherever it was installed. */
export function defaultPath(): string {
  return [...new Set(['/usr/local/bin', '/usr/bin', '/bin', dirname(process.execPath)])].join(':');
}

/** The environment that a command's own is merged over. Nothing of the daemon's is in it. */
export function minimalEnvironment(place: {
  readonly path: string;
  readonly home: string;
  readonly temporary: string;
}): Record<string, string> {
  return { PATH: place.path, HOME: place.home, TMPDIR: place.temporary, LANG: 'C.UTF-8' };
}
