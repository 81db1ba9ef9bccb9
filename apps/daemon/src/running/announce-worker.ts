import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, mapMachineError, readStartTime } from '@baton/adapter-kit';
import type { Instant } from '@baton/core';
import { closeToOthers } from '../wire/close-to-others.js';

const directoryOf = (state: string): string => join(state, 'workers');

/** Says that this process works the jobs of a state directory, until it is disposed or dies. */
export function announceWorker(state: string): Disposable {
  const directory = directoryOf(state);
  const file = join(directory, String(process.pid));
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    closeToOthers(directory);
    writeFileSync(file, readStartTime(process.pid) ?? '', { mode: 0o600 });
  } catch (error) {
    // What Node says of a full disk names no file.
    throw mapMachineError(error, file) ?? error;
  }
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** A process that works the jobs of a state directory. */
export interface RunningWorker {
  readonly pid: number;
  readonly since: Instant;
}

/** The processes of this machine that work the jobs of a state directory, oldest first. What the dead left is no answer. */
export function listWorkers(state: string): readonly RunningWorker[] {
  const directory = directoryOf(state);
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  const found = names.flatMap((name): readonly RunningWorker[] => {
    if (!/^\d+$/.test(name)) return [];
    const file = join(directory, name);
    try {
      return isProcessAlive(Number(name), readFileSync(file, 'utf8') || null)
        ? [{ pid: Number(name), since: Math.round(statSync(file).mtimeMs) }]
        : [];
    } catch {
      // It left in between.
      return [];
    }
  });
  return found.toSorted((left, right) => left.since - right.since);
}

/** Whether some process of this machine works the jobs of a state directory. */
export function hasWorker(state: string): boolean {
  return listWorkers(state).length > 0;
}
