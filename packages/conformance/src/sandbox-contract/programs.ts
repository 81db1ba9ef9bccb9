import type { Command } from '@baton/core';

/**
 * What the suite runs, as scripts of a POSIX shell. `$1` and on are arguments. Those that stay say `ready` once
 * everything stands that they began.
 */
const scripts = {
  exit: 'exit "$1"',
  echo: 'cat',
  say: 'printf %s "$1"; printf %s "$2" >&2',
  directory: 'pwd -P',
  environment: 'env',
  flood: `head -c "$1" /dev/zero | tr '\\0' x`,
  block: 'echo ready; while :; do sleep 0.1; done',
  kill: 'kill -9 $$',
  read: 'cat "$1"',
  write: 'printf written > "$1"',
  remove: 'rm -f "$1"',
  move: 'mv "$1" "$1.moved"',
  'fork-many': 'i=0; while [ $i -lt "$1" ]; do sleep 60 & i=$((i + 1)); done; echo all; kill $(jobs -p)',
  fill: '(head -c "$1" /dev/zero > "$TMPDIR/a") && echo filled; rm -f "$TMPDIR/a"; (head -c "$1" /dev/zero > "$HOME/a") && echo filled',
  leave: 'touch "$HOME/left" "$TMPDIR/left" && ls -A "$HOME" "$TMPDIR"',
  look: 'ls -A "$HOME" "$TMPDIR"',
  /** How many command lines hold the word on standard input. */
  find: `cat > "$TMPDIR/word"; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -cF -f "$TMPDIR/word"`,
  'ignore-term': 'trap "" TERM HUP INT; echo ready; while :; do sleep 0.1; done',
  'fork-twice': `(sh -c 'trap "" TERM HUP INT; echo ready; touch "$TMPDIR/up"; while :; do sleep 0.1; done' "$1" &)
until [ -e "$TMPDIR/up" ]; do sleep 0.02; done`,
  'new-session': `(setsid sh -c 'trap "" TERM HUP INT; echo ready; exec </dev/null >/dev/null 2>&1; while :; do sleep 0.1; done' "$1" &); sleep 600`,
} as const;

/** Names of what a rig must be able to run. */
export type SandboxProgramName = keyof typeof scripts | 'connect' | 'ask' | 'allocate';

/** Says `connected` or why not: to a port of 127.0.0.1, or to a socket by its path. */
const connectScript = `
const target = process.argv[1];
const socket = require('net').connect(/^\\d+$/.test(target) ? { host: '127.0.0.1', port: Number(target) } : { path: target });
socket.once('connect', () => { console.log('connected'); process.exit(0); });
socket.once('error', (error) => { console.log(error.code); process.exit(1); });
`;
/** Says `granted` or `refused`: a connection to `host:port`, asked for by the proxy of the environment. */
const askScript = `
const proxy = new URL(process.env.HTTPS_PROXY);
require('http').request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: process.argv[1] })
  .once('connect', (response) => { console.log(response.statusCode === 200 ? 'granted' : 'refused'); process.exit(0); })
  .once('error', (error) => { console.log(error.code); process.exit(1); })
  .end();
`;
const allocateScript = `process.stdout.write('begun '); Buffer.alloc(Number(process.argv[1]), 1); process.stdout.write('ended');`;

/** For a sandbox that has a POSIX shell and this Node inside. */
export function shellProgram(name: SandboxProgramName, ...args: readonly string[]): Command['argv'] {
  if (name === 'connect') return [process.execPath, '-e', connectScript, ...args];
  if (name === 'ask') return [process.execPath, '-e', askScript, ...args];
  if (name === 'allocate') return [process.execPath, '-e', allocateScript, ...args];
  return ['/bin/sh', '-c', scripts[name], name, ...args];
}
