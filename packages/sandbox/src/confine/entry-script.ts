import { existsSync } from 'node:fs';

/** What runs first inside, and then becomes the command. */
export interface EntryScript {
  readonly shell: string;
  readonly script: string;
}

const port = 31_280;
const url = `http://127.0.0.1:${port}`;
const own = 'localhost,127.0.0.1,::1';
/** By which programs find the way to the named hosts. */
export const proxyEnvironment: Readonly<Record<string, string>> = {
  HTTP_PROXY: url,
  HTTPS_PROXY: url,
  http_proxy: url,
  https_proxy: url,
  NO_PROXY: own,
  no_proxy: own,
  NODE_USE_ENV_PROXY: '1',
};

/** Where socat is, which carries connections from the sandbox to the proxy; null where it is missing. */
export function findSocat(): string | null {
  return ['/usr/bin/socat', '/usr/local/bin/socat'].find((each) => existsSync(each)) ?? null;
}

/**
 * Takes the command as its arguments. It says on descriptor 3 that the walls stand (`y`), or that there is no
 * such program (`n`); what is left open of 3 and of `leaked` is closed before the command begins.
 */
export function writeEntryScript(request: {
  /** By what program a way to which socket is opened. Null: none is. */
  readonly proxy: { readonly socat: string; readonly socket: string } | null;
  /** Descriptors that were inherited of the daemon. */
  readonly leaked: readonly number[];
}): EntryScript {
  // A POSIX shell closes descriptors of one digit only.
  const shell = request.leaked.length > 0 && existsSync('/usr/bin/bash') ? '/usr/bin/bash' : '/bin/sh';
  return {
    shell,
    script: [
      ...(shell === '/bin/sh' ? [] : request.leaked.map((descriptor) => `exec ${descriptor}>&-`)),
      ...(request.proxy === null ? [] : openWay(request.proxy.socat, request.proxy.socket)),
      'command -v -- "$1" >/dev/null 2>&1 || { printf n >&3; exit 127; }',
      'printf y >&3; exec 3>&-; exec "$@"',
    ].join('\n'),
  };
}

/** Forked twice, so that socat is no child of the command; waits until it listens (0100007F is 127.0.0.1, 0A LISTEN). */
function openWay(socat: string, socket: string): string[] {
  const listen = `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`;
  const listening = ` 0100007F:${port.toString(16).toUpperCase()} 00000000:0000 0A `;
  return [
    `(${socat} ${listen} UNIX-CONNECT:${socket} 3>&- </dev/null >/dev/null 2>&1 &)`,
    `until grep -q '${listening}' /proc/net/tcp; do sleep 0.01; done`,
  ];
}
