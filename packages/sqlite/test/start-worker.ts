import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A child that runs `worker-process.ts`. */
export interface WorkerProcess extends AsyncDisposable {
  /** Resolves with the next line that it says; null when it has said its last. */
  next(): Promise<string | null>;
  /** All that it says from now on. */
  rest(): Promise<readonly string[]>;
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>;
}

/** Starts a worker in a process of its own. */
export function startWorker(deed: 'hold' | 'record' | 'drain', path: string, name: string): WorkerProcess {
  const file = (local: string): string => fileURLToPath(new URL(local, import.meta.url));
  const flags = ['--conditions=@baton/source', `--import=${new URL('source-loader.mjs', import.meta.url).href}`];
  const child: ChildProcess = spawn(process.execPath, [...flags, file('worker-process.ts'), deed, path, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  });
  const closed = once(child, 'close');
  if (!child.stdout) throw new Error('The child has no output.');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string | null> => {
    const line = await lines.next();
    return line.done ? null : line.value;
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  return {
    next,
    async rest() {
      const all: string[] = [];
      for (let line = await next(); line !== null; line = await next()) all.push(line);
      return all;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
