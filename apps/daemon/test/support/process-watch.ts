import { readdirSync, readFileSync } from 'node:fs';
import type { Written } from './find-secret.js';

/** What was seen of the machine's processes while something ran. */
export interface ProcessWatch {
  /** Arguments of every process, and the environment of those with the mark in their arguments. */
  stop(): readonly Written[];
  /** Processes seen with the mark in their arguments. */
  readonly marked: ReadonlySet<string>;
}

const everyMs = 50;

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It ended in between.
    return '';
  }
}

/** Looks at all processes again and again until it is stopped. */
export function watchProcesses(mark: string): ProcessWatch {
  const seen = new Map<string, string>();
  const marked = new Set<string>();
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
      const argv = read(`/proc/${pid}/cmdline`);
      seen.set(argv, `arguments of ${pid}`);
      if (!argv.includes(mark)) continue;
      marked.add(pid);
      seen.set(read(`/proc/${pid}/environ`), `environment of ${pid}`);
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    marked,
    stop() {
      clearInterval(timer);
      return [...seen].map(([text, where]) => ({ where, text }));
    },
  };
}
