import type { Command } from '@baton/core';

/** Stands for the port of the endpoint, which is known only inside, in arguments, variables and files of a command. */
export const portToken = '__BATON_MODEL_PORT__';

/** What the launcher says where the agent can't be started. */
export const launchFailure = 'baton: the agent could not be started: ';

/**
 * What stands inside when an agent starts, by absolute path: a file of this text, readable for this user alone. Null:
 * nothing, neither a file nor a directory. Together under 512 KiB.
 */
export type LaunchFiles = Readonly<Record<string, string | null>>;

/** How an agent is put behind the launcher. */
export interface LaunchOptions {
  /** Written inside and not by the daemon, since an earlier turn may have put links in their place. */
  readonly files?: LaunchFiles;
}

/** Of code points, each of which takes four bytes at most: Linux takes 128 KiB in one argument. */
const maxArgument = 30_000;

/**
 * Runs inside, before the agent: listens on a loopback port, carries each connection to the socket, starts the
 * agent with the same three streams, and ends as it ends. Plain JavaScript without dependencies, handed over as an
 * argument, so that no file of it lies where the agent could rewrite it.
 */
const script = String.raw`
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const [directory, name, token, failure, parts, ...rest] = process.argv.slice(1);
const files = rest.slice(0, Number(parts)).join('');
const argv = rest.slice(Number(parts));
const home = process.cwd();
const fail = (error) => {
  fs.writeSync(2, failure + (error.code || error.message) + '\n');
  process.exit(127);
};
process.on('uncaughtException', fail);
const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: false }, (near) => {
  const far = net.connect({ path: './' + name, allowHalfOpen: true });
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
  near.pipe(far);
  far.pipe(near);
});
server.listen(0, '127.0.0.1', () => {
  const port = String(server.address().port);
  const fill = (text) => text.replaceAll(token, port);
  for (const [file, text] of Object.entries(JSON.parse(files))) {
    fs.rmSync(file, { force: true, recursive: true });
    if (text === null) continue;
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fs.writeFileSync(file, fill(text), { mode: 0o600, flag: 'wx' });
  }
  const env = {};
  for (const [key, value] of Object.entries(process.env)) env[key] = fill(value);
  const [program, ...words] = argv.map(fill);
  const child = spawn(program, words, { cwd: home, env, stdio: 'inherit' });
  child.on('error', (error) => fail(new Error(program + ': ' + (error.code || error.message))));
  // The path of a socket is short only from its own directory.
  process.chdir(directory);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  process.on('exit', () => child.kill('SIGKILL'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(1), 1000);
  });
});
`;

/** The command that runs another one behind the launcher. */
export function launch(
  command: Command,
  place: { readonly node: string; readonly directory: string; readonly socket: string } & LaunchOptions,
): Command {
  const files = JSON.stringify(place.files ?? {}).match(new RegExp(`[^]{1,${maxArgument}}`, 'gu')) ?? [];
  return {
    ...command,
    argv: [
      place.node,
      '-e',
      script,
      '--',
      place.directory,
      place.socket,
      portToken,
      launchFailure,
      String(files.length),
      ...files,
      ...command.argv,
    ],
  };
}
