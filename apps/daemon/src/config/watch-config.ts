import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** What a watcher is made of. */
export interface WatchConfigRequest {
  /** Absolute. */
  readonly file: string;
  /** Called after the file changed and has been quiet for a moment; never twice at once. */
  readonly onChange: () => Promise<void>;
  /** Between two looks at the file, for systems that tell of no changes. Default 5 s. */
  readonly lookEveryMs?: number;
  /** For how long the file must be quiet: editors write in pieces. Default 150 ms. */
  readonly settleMs?: number;
}

async function fingerprint(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino}/${size}/${mtimeMs}`;
  } catch {
    return 'absent';
  }
}

/**
 * Watches one file through its directory, so that editors that write a new file and rename it are seen, and
 * looks at it now and then as well. Disposing leaves no watcher and no timer.
 */
export async function watchConfig(request: WatchConfigRequest): Promise<AsyncDisposable> {
  const { file, onChange, lookEveryMs = 5000, settleMs = 150 } = request;
  let seen = await fingerprint(file);
  let closed = false;
  let settling: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  const look = async (): Promise<void> => {
    const now = await fingerprint(file);
    if (closed || now === seen) return;
    seen = now;
    await onChange();
  };
  const lookSoon = (): void => {
    if (closed) return;
    if (settling !== null) clearTimeout(settling);
    settling = setTimeout(() => {
      settling = null;
      running = running.then(look);
    }, settleMs);
  };

  let watcher: FSWatcher | null = null;
  try {
    watcher = watch(dirname(file), (_event, name) => {
      if (name === null || name === basename(file)) lookSoon();
    });
    // A directory that goes, or too many watchers: the looks go on.
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = null;
  }
  const timer = setInterval(lookSoon, lookEveryMs);
  return {
    async [Symbol.asyncDispose]() {
      closed = true;
      watcher?.close();
      clearInterval(timer);
      if (settling !== null) clearTimeout(settling);
      await running;
    },
  };
}
