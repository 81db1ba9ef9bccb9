import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@baton/adapter-kit';
import { parseSlotRecord, type SlotRecord } from './slot-record.js';

/** The record in a file, or null where there is none. `STORE_UNREADABLE` where it isn't a record. */
export async function readRecord(path: string): Promise<SlotRecord | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : parseSlotRecord(text, path);
}

/** Writes a record so that a reader, and a crash, sees the old one or the new one. */
export function writeRecord(path: string, record: SlotRecord): Promise<void> {
  return writeWhole(path, JSON.stringify(record));
}

/** Removes what a process left that was killed while it wrote a record. */
export async function sweepRecords(directory: string, now: number): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.tmp')) continue;
    const path = join(directory, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && now - found.mtimeMs > writingMs) await rm(path, { force: true });
  }
}

/** No record takes longer to write. */
const writingMs = 60_000;

/** Moves a record; false where somebody else took it first. */
export async function moveRecord(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Names of the records in a directory, in order. */
export async function listRecords(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((each) => each.endsWith('.json')).sort();
}
