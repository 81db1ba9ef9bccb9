import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compiledOnce } from './run-baton.js';

const binary = fileURLToPath(new URL('../../bin/baton.js', import.meta.url));

/** A line of the daemon's log. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly phase?: string;
  readonly outcome?: string | null;
  readonly wait?: string | null;
}

/** A running `baton start`, in a process group of its own. Disposing kills it. */
export interface DaemonProcess extends AsyncDisposable {
  readonly startedAt: number;
  readonly pid: number;
  /** What it has written to its log so far. */
  readonly log: readonly LogLine[];
  /** All that it has written to standard error so far: the lines of its log, and whatever else. */
  readonly said: readonly string[];
  /** The first line that holds, of those already written too. Rejects where the daemon ends, or after `withinMs`. */
  waitFor(what: string, holds: (line: LogLine) => boolean, withinMs?: number): Promise<LogLine>;
  /** `kill -9` of the whole group, at once; resolves when the daemon is gone. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the daemon of a directory as people do, with its log on a pipe. `argv` goes before it, to Node. */
export function startDaemon(
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  argv: readonly string[] = [],
): DaemonProcess {
  const child = spawn(process.execPath, [...argv, binary, 'start', '-c', 'baton.config.yaml'], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...compiledOnce, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const log: LogLine[] = [];
  const said: string[] = [];
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let gone: number | null | undefined;
  const exit = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      gone = code;
      resolve(code);
      tell();
    });
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (line.startsWith('{')) log.push(JSON.parse(line));
    tell();
  });
  const signal = (name: NodeJS.Signals): void => {
    try {
      // Its number stays its own until we have seen it end.
      if (gone === undefined && child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It ended in between.
    }
  };
  const kill = async (): Promise<void> => {
    signal('SIGKILL');
    await exit;
  };
  return {
    startedAt: Date.now(),
    pid: child.pid ?? 0,
    log,
    said,
    waitFor: (what, holds, withinMs = 180_000) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        const fail = (why: string): void => {
          end();
          reject(new Error(`${what}: ${why}\n${said.slice(-40).join('\n')}`));
        };
        const look = (): void => {
          const found = log.find(holds);
          if (found) {
            end();
            resolve(found);
          } else if (gone !== undefined) fail(`the daemon ended with ${gone}`);
        };
        const timer = setTimeout(() => fail(`not within ${withinMs} ms`), withinMs);
        listeners.add(look);
        look();
      }),
    kill,
    async stop() {
      if (gone === undefined) child.kill('SIGTERM');
      return exit;
    },
    [Symbol.asyncDispose]: kill,
  };
}
