import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Instant } from '@baton/core';
import type { Baton, BatonEvent } from '@baton/engine';
import { z } from 'zod';

const noteShape = z.object({
  /** When it was polled last. */
  at: z.number(),
  /** When a poll last came to its end without a failure. Null: none has. */
  goodAt: z.number().nullable(),
  /** When the first of the last polls in a row failed. Null: the last one didn't. */
  failingSince: z.number().nullable(),
  /** Why the last one failed. Null: it didn't. */
  message: z.string().nullable(),
  /** What the host said then of its quotas. None in notes of earlier versions. */
  quotas: z
    .array(z.object({ name: z.string(), limit: z.number(), remaining: z.number(), resetAt: z.number() }))
    .default([]),
});
const notesShape = z.record(z.string(), noteShape);

/** What the polls of one project came to. */
export type PollNote = z.infer<typeof noteShape>;

type PollEvent = Extract<BatonEvent, { type: 'project-polled' | 'poll-failed' }>;

const fileOf = (state: string): string => join(state, 'polls.json');
/** A thousand projects are polled in one round: the file is written once for all of them. */
const restMs = 1_000;

/** What the polls of each project came to, as the last daemon on a state directory left word of it. */
export function readPollNotes(state: string): Readonly<Record<string, PollNote>> {
  try {
    return notesShape.parse(JSON.parse(readFileSync(fileOf(state), 'utf8')));
  } catch {
    // Not there yet, or of another version.
    return {};
  }
}

/** What is known of a project's polls once one more came to its end. Pure. */
export function notePoll(before: PollNote | undefined, event: PollEvent): PollNote {
  const { at, quotas } = event;
  const told = { at, quotas: [...quotas] };
  if (event.type === 'project-polled') return { ...told, goodAt: at, failingSince: null, message: null };
  return { ...told, goodAt: before?.goodAt ?? null, failingSince: before?.failingSince ?? at, message: event.message };
}

/**
 * Leaves word of what polls come to, for whoever asks for the status, until the engine stops. Resolves then. What other
 * daemons on the state directory wrote of the projects that they poll stays. A word that can't be written is lost:
 * nothing but the status goes by it.
 */
export async function keepPollNotes(
  baton: Pick<Baton, 'events'>,
  { state, clock, mask }: { readonly state: string; readonly clock: Clock; readonly mask: (text: string) => string },
): Promise<void> {
  let before = readPollNotes(state);
  const unwritten = new Map<string, PollNote>();
  let writtenAt: Instant | null = null;
  let pending: Promise<void> | null = null;
  const write = (): void => {
    writtenAt = clock.monotonic();
    const file = fileOf(state);
    try {
      const notes = { ...readPollNotes(state), ...Object.fromEntries(unwritten) };
      writeFileSync(`${file}.new`, mask(JSON.stringify(notes)), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      unwritten.clear();
    } catch {
      // The disk is full, or the state directory is gone: the daemon tells of that elsewhere.
    }
  };
  const over = new AbortController();
  for await (const event of baton.events()) {
    if (event.type !== 'project-polled' && event.type !== 'poll-failed') continue;
    if (unwritten.size === 0) before = readPollNotes(state);
    unwritten.set(event.project, notePoll(unwritten.get(event.project) ?? before[event.project], event));
    if (writtenAt === null || clock.monotonic() - writtenAt >= restMs) write();
    else {
      pending ??= clock
        .sleep(restMs, { signal: over.signal })
        .catch(() => {})
        .then(() => {
          pending = null;
          write();
        });
    }
  }
  over.abort();
  await pending;
}
