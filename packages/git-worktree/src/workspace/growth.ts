import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { CallOptions } from '@baton/core';
import type { SlotRecord } from '../records/slot-record.js';
import type { Layout } from '../vault/layout.js';
import { sumUnnamed } from './unnamed-files.js';

/** What commands have made checkouts grow by. */
export interface Growth {
  /** A slot was set up for a key: what is in it then counts for nothing. */
  begin(slot: string, at: number): void;
  /** Its checkout was made new; what setups made on the way still counts. */
  renew(slot: string, at: number): void;
  /** Bytes of disk that what was written since takes, and is still there. */
  measure(record: SlotRecord, options?: CallOptions): Promise<number>;
}

/** Bytes of a block as find(1) counts them. */
const blockBytes = 512;

/** Remembers nothing yet: when another process brought something to a slot, its record and its directory tell. */
export function createGrowth(layout: Layout, environment: Readonly<Record<string, string>>): Growth {
  const begun = new Map<string, number>();
  const renewed = new Map<string, number>();
  return {
    begin(slot, at) {
      begun.set(slot, at);
      renewed.delete(slot);
    },
    renew: (slot, at) => void renewed.set(slot, at),
    async measure({ slot, repository, readyAt = 0 }, options) {
      const made = await stat(layout.worktree(slot)).catch(() => null);
      const since = begun.get(slot) ?? Math.max(readyAt, made?.birthtimeMs ?? 0);
      const own = [layout.worktree(slot), layout.scratch(slot), layout.overlays(slot), layout.gitDir(repository, slot)];
      const written = await sumChangedSince(own, renewed.get(slot) ?? since, environment, options);
      return (
        written + (await sumUnnamed(own)) + (await sumChangedSince([layout.layers(slot)], since, environment, options))
      );
    },
  };
}

/**
 * By change time, which no command can set back. By GNU find, which walks a tree by descriptors and so sees what lies
 * deeper than any path reaches; where there is none (outside Linux), nothing is seen.
 */
async function sumChangedSince(
  directories: readonly string[],
  since: number,
  env: Readonly<Record<string, string>>,
  { signal }: CallOptions = {},
): Promise<number> {
  signal?.throwIfAborted();
  const argv = [...directories, '-xdev', '-newerct', `@${since / 1_000}`, '-printf', '%D:%i %b\\n'];
  const find = spawn('find', argv, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  const ended = new Promise<void>((resolve) => {
    find.once('error', () => resolve());
    find.once('close', () => resolve());
  });
  // A file of several names takes its room once.
  const blocks = new Map<string, number>();
  for await (const line of createInterface({ input: find.stdout })) {
    const [file = '', count] = line.split(' ');
    blocks.set(file, Number(count));
  }
  await ended;
  signal?.throwIfAborted();
  return blocks.values().reduce((sum, each) => sum + each, 0) * blockBytes;
}
