import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { leavesEnvironmentOut } from '../environment/leave-environment-out.js';
import { closeToOthers } from './close-to-others.js';

const directoryOf = (state: string): string => join(state, 'deaths');
const keptMs = 30 * 86_400_000;
const mostCharacters = 300;

/** Our own word on an exception, or of Node's report on a fatal error what is read of it. */
const deathNote = z.union([
  z.object({ exception: z.string() }),
  z.object({ header: z.object({ event: z.string() }) }).transform(({ header }) => ({ fatal: header.event })),
]);

/**
 * Sees to it that how this process dies can be read, until it is disposed: by an exception that nobody catches, or by
 * V8, whose heap is full. Killed it leaves nothing. Of a full heap Node itself writes a report, and only where it was
 * started so that the environment, which holds secrets, is left out: what is set later it may not heed then.
 */
export function watchDeath(state: string, worker: string): Disposable {
  const directory = directoryOf(state);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  closeToOthers(directory);
  forgetOld(directory, Date.now());
  const name = `${worker}.json`;
  const tell = (error: unknown): void => {
    const exception = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    writeFileSync(join(directory, name), JSON.stringify({ exception }), { mode: 0o600 });
  };
  const { report } = process;
  const before = {
    reportOnFatalError: report.reportOnFatalError,
    directory: report.directory,
    filename: report.filename,
  };
  if (leavesEnvironmentOut(process)) Object.assign(report, { reportOnFatalError: true, directory, filename: name });
  process.on('uncaughtExceptionMonitor', tell);
  // Before the one that ends the process.
  process.prependListener('unhandledRejection', tell);
  return {
    [Symbol.dispose]() {
      process.off('uncaughtExceptionMonitor', tell);
      process.off('unhandledRejection', tell);
      Object.assign(report, before);
    },
  };
}

/** How a worker of this state directory died, as a part of a sentence; null where it was killed, lives, or isn't known. */
export function readDeath(state: string, worker: string): string | null {
  if (!/^[\w-]+$/.test(worker)) return null;
  let note: z.output<typeof deathNote>;
  try {
    note = deathNote.parse(JSON.parse(readFileSync(join(directoryOf(state), `${worker}.json`), 'utf8')));
  } catch {
    return null;
  }
  const told = 'fatal' in note ? note.fatal : note.exception;
  const [line = ''] = told.split('\n');
  const words = line
    .replace(/[.\s]+$/, '')
    .slice(0, mostCharacters)
    .toWellFormed();
  return 'fatal' in note ? `it ran out of memory (${words})` : `it threw ${words}`;
}

function forgetOld(directory: string, now: number): void {
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - at > keptMs) rmSync(file, { force: true });
  }
}
