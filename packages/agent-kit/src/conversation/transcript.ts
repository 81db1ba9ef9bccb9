import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, type JsonValue } from '@baton/core';
import { parseAnswer, type TranscriptEntry } from './transcript-entry.js';

/** How far a transcript was written: enough to know it again in another process. */
export interface TranscriptMark {
  readonly bytes: number;
  /** SHA-256 of so many bytes, in hex. */
  readonly digest: string;
}

/** The file in which a session's conversation outlives its process. */
export interface Transcript {
  append(entry: TranscriptEntry): Promise<void>;
  /** Null once something else wrote to the file: then it can't be vouched for. */
  mark(): TranscriptMark | null;
}

/** A transcript that was found again, and what stands in it. */
export interface FoundTranscript {
  readonly transcript: Transcript;
  readonly entries: readonly TranscriptEntry[];
}

/** More than this is no transcript of ours. */
const maxBytes = 256 * 1024 * 1024;

// The directory belongs to the sandbox: whatever runs there may have put a link or a pipe in the file's place.
const careful = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Begins a transcript, in place of an earlier one of the same name. Nothing is written before the first entry. */
export function createTranscript(directory: string, name: string): Transcript {
  const path = join(directory, name);
  return appendTo(path, createHash('sha256'), 0, async () => {
    await rm(path, { recursive: true, force: true });
    return await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | careful, 0o600);
  });
}

/**
 * The transcript up to a mark, and the answers that were written behind it before the process ended. Null
 * where the file is gone or is no longer what was written.
 */
export async function findTranscript(
  directory: string,
  name: string,
  mark: TranscriptMark,
): Promise<FoundTranscript | null> {
  const path = join(directory, name);
  const bytes = await readBounded(path);
  if (bytes === null || bytes.length < mark.bytes) return null;
  const known = bytes.subarray(0, mark.bytes);
  const hash = createHash('sha256').update(known);
  if (hash.copy().digest('hex') !== mark.digest) return null;
  // The digest says that these lines are our own.
  const entries = splitLines(known).map((line) => JSON.parse(line) as TranscriptEntry);
  let length = mark.bytes;
  for (const line of splitLines(bytes.subarray(mark.bytes))) {
    const answer = readAnswer(line);
    if (answer === null) break;
    entries.push({ type: 'answer', answer });
    hash.update(`${line}\n`);
    length += Buffer.byteLength(line) + 1;
  }
  await truncate(path, length);
  return { transcript: appendTo(path, hash, length, null), entries };
}

function appendTo(path: string, hash: Hash, start: number, create: (() => Promise<FileHandle>) | null): Transcript {
  let written = start;
  let creating = create;
  let isOurs = true;
  return {
    async append(entry) {
      if (!isOurs) return;
      const line = `${JSON.stringify(entry)}\n`;
      const file = await (creating?.() ?? open(path, constants.O_WRONLY | constants.O_APPEND | careful)).catch(
        mapError,
      );
      creating = null;
      if (file === null) {
        isOurs = false;
        return;
      }
      try {
        const { size, nlink, mode } = await file.stat();
        isOurs = size === written && nlink === 1 && (mode & constants.S_IFMT) === constants.S_IFREG;
        if (!isOurs) return;
        await file.writeFile(line);
      } catch (error) {
        mapError(error);
        isOurs = false;
      } finally {
        await file.close();
      }
      hash.update(line);
      written += Buffer.byteLength(line);
    },
    mark: () => (isOurs ? { bytes: written, digest: hash.copy().digest('hex') } : null),
  };
}

async function readBounded(path: string): Promise<Buffer | null> {
  const file = await open(path, constants.O_RDONLY | careful).catch(mapError);
  if (file === null) return null;
  try {
    const stat = await file.stat();
    return stat.isFile() && stat.nlink === 1 && stat.size <= maxBytes ? await file.readFile() : null;
  } finally {
    await file.close();
  }
}

async function truncate(path: string, length: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | careful);
  try {
    await file.truncate(length);
  } finally {
    await file.close();
  }
}

/** Whole lines only: the last one may have been cut by the end of the process. */
function splitLines(bytes: Buffer): readonly string[] {
  return bytes.toString('utf8').split('\n').slice(0, -1);
}

function readAnswer(line: string): ReturnType<typeof parseAnswer> {
  try {
    const value: JsonValue = JSON.parse(line);
    return parseAnswer(value);
  } catch {
    return null;
  }
}

/** A file that can't be had costs the way back, not the turn. */
function mapError(error: unknown): null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    throw new BatonError('DISK_FULL', "There is no room for the agent's transcript.", {
      details: { path: error instanceof Error && 'path' in error ? String(error.path) : '' },
      cause: error,
    });
  }
  if (typeof code === 'string') return null;
  throw error;
}
