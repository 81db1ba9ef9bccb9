import type { Clock } from '@baton/core';
import type { Noteable } from './noteable.js';

/** A note of ours, as it was written last. */
export interface OwnNote {
  readonly id: number;
  readonly body: string;
}

/** What is known of Baton's own notes without a look. */
export interface OwnNotes {
  /** Null where none was written by this process. Somebody may have taken it away since. */
  get(noteable: Noteable, topic: string): OwnNote | null;
  set(noteable: Noteable, topic: string, note: OwnNote): void;
  forget(noteable: Noteable, topic: string): void;
  /** All its notes were read just now, and none is Baton's. */
  noteBare(noteable: Noteable): void;
  /**
   * Whether it was seen bare a moment ago, so that the first note needs no list. Told once for each: where the
   * answer to that first note is lost, the next look is a real one.
   */
  takeBare(noteable: Noteable): boolean;
}

const mostKnown = 500;
const knownForMs = 5_000;

/** Does no input or output. */
export function createOwnNotes(clock: Clock): OwnNotes {
  const notes = new Map<string, OwnNote>();
  const bare = new Map<string, { readonly at: number; readonly isTaken: boolean }>();
  const keyOf = ({ kind, iid }: Noteable): string => `${kind} ${iid}`;
  return {
    get: (noteable, topic) => notes.get(`${keyOf(noteable)} ${topic}`) ?? null,
    set: (noteable, topic, note) => setBounded(notes, `${keyOf(noteable)} ${topic}`, note),
    forget: (noteable, topic) => void notes.delete(`${keyOf(noteable)} ${topic}`),
    noteBare(noteable) {
      const key = keyOf(noteable);
      if (bare.get(key)?.isTaken !== true) setBounded(bare, key, { at: clock.monotonic(), isTaken: false });
    },
    takeBare(noteable) {
      const key = keyOf(noteable);
      const known = bare.get(key);
      if (!known || known.isTaken) return false;
      setBounded(bare, key, { ...known, isTaken: true });
      return clock.monotonic() - known.at < knownForMs;
    },
  };
}

function setBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > mostKnown && oldest !== undefined) map.delete(oldest);
}
