import { setImmediate } from 'node:timers/promises';
import { BatonError, type CallOptions, type VerifyCheckout } from '@baton/core';
import { createSteeringFiles } from '../protected/steering-files.js';

/** What stood in a checkout at one time: of each file, a text that is another one once somebody wrote to it. */
export type Standing = ReadonlyMap<string, string>;

/** Names of files can be long, and dependencies many: half a million of them. */
const maxListBytes = 64 * 1024 ** 2;
const housekeepingMs = 60_000;

/**
 * Files and links of a checkout, what the setup made among them. Told by inode, size and the time of the last change of
 * the inode, which no command can set back. Null where `find` is none that tells these; `COMMAND_FAILED` where there
 * are too many.
 */
export async function listStanding(workspace: VerifyCheckout, options?: CallOptions): Promise<Standing | null> {
  const shape = ['!', '-type', 'd', '-printf', '%P\\t%i %s %C@\\0'] as const;
  const told = await workspace.exec(
    {
      argv: ['find', '.', '-path', './.git', '-prune', '-o', ...shape],
      timeoutMs: housekeepingMs,
      maxOutputBytes: maxListBytes,
    },
    options,
  );
  if (told.truncated || told.timedOut) throw tooMuch();
  if (told.stdout === '' && told.exitCode !== 0) return null;
  const lines = told.stdout.split('\0').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf('\t')), line.slice(line.lastIndexOf('\t'))]));
}

/** What stood there and was written to, exchanged or taken away since. New files are none of it. At most 1,000. */
export function findOverwritten(before: Standing, now: Standing): readonly string[] {
  return [...before].flatMap(([path, told]) => (now.get(path) === told ? [] : [path])).slice(0, mostNames);
}

/**
 * What is new, and steers the check that comes next: a runner looks for its settings, and a shell for programs. At most
 * 1,000. `COMMAND_FAILED` where too much is new.
 */
export async function findMade(
  before: Standing,
  now: Standing,
  options: CallOptions | undefined,
): Promise<readonly string[]> {
  const fresh = [...now.keys()].filter((path) => !before.has(path));
  if (fresh.length === 0) return [];
  if (fresh.length > mostMade) throw tooMuch();
  const steers = createSteeringFiles();
  const made: string[] = [];
  for (const [index, path] of fresh.entries()) {
    // A long name takes milliseconds, and there may be many: others have their turn between them.
    if (index % pathsAtOnce === pathsAtOnce - 1) await setImmediate();
    options?.signal?.throwIfAborted();
    if (steers(path)) made.push(path);
    if (made.length === mostNames) break;
  }
  return made.toSorted();
}

/** Builds make some thousands. Each takes a quarter of a millisecond to be looked at. */
const mostMade = 100_000;
const pathsAtOnce = 10;

function tooMuch(): BatonError<'COMMAND_FAILED'> {
  return new BatonError('COMMAND_FAILED', 'There is more in the checkout than can be compared.', {
    details: { command: 'find' },
  });
}

/** As many as `altered` tells of tracked files. */
const mostNames = 1_000;
