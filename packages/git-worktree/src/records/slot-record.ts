import { z } from 'zod';
import { parseRecord } from './parse-record.js';

const schema = z.looseObject({
  version: z.literal(1),
  slot: z.string().regex(/^[\w-]+$/),
  repository: z.string(),
  baseCommit: z.string(),
  setUpFor: z.string().nullable(),
  ready: z.boolean(),
  readyAt: z.number().exactOptional(),
  usedAt: z.number(),
  owner: z.string(),
});

/** What is known of one checkout. In which directory the record lies tells what the checkout is for. */
export interface SlotRecord {
  readonly version: 1;
  /** Names the checkout and everything beside it. */
  readonly slot: string;
  readonly repository: string;
  readonly baseCommit: string;
  /** The tree and the command for which the setup ran last, or null. */
  readonly setUpFor: string | null;
  /** False while the checkout is on its way to `baseCommit`: what is in it then is nobody's work. */
  readonly ready: boolean;
  /** When its setup was over. Absent in records of earlier versions. */
  readonly readyAt?: number;
  readonly usedAt: number;
  /** The process that makes it. Counts only while it is being made. */
  readonly owner: string;
}

/** What a record says. `STORE_UNREADABLE` where it isn't one. `path` is told. */
export function parseSlotRecord(text: string, path: string): SlotRecord {
  return parseRecord(schema, text, { path, what: 'The record of a workspace' });
}
