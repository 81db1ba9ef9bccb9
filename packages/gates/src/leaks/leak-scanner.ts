import { setImmediate } from 'node:timers/promises';
import { BatonError, type CallOptions, type Leak, type LeakScanner, type OutgoingText } from '@baton/core';
import { parseChangeDiff } from '../diff/change-diff.js';
import { type Needle, needlesOf } from './secret-needles.js';
import { viewsOf } from './text-views.js';

/** A secret that the daemon holds. */
export interface HeldSecret {
  /** As findings tell it, e.g. the name of its environment variable. */
  readonly name: string;
  readonly value: string;
}

/** What a leak scanner is made with. */
export interface LeakScannerOptions {
  /** Asked anew at each scan. Values shorter than 8 characters are not searched for. */
  readonly secrets: () => readonly HeldSecret[];
  /** Whether secrets that nobody told of are looked for by their shape. Default: true. */
  readonly knownShapes?: boolean;
}

interface SearchedSecret {
  readonly name: string;
  readonly needles: readonly Needle[];
}

/**
 * Makes a scanner that finds every secret the daemon holds, as it is, in base64, hex, URL-encoded, reversed,
 * and split over strings, lines, file names or several texts; and what looks like a secret by secretlint's
 * rules. A text whose `where` is `diff` is read as a unified diff: of it only added lines are looked at for
 * known shapes, the whole of it for held secrets.
 */
export function createLeakScanner(options: LeakScannerOptions): LeakScanner {
  return {
    spec: 'leak-scanner/1',
    id: 'leak-scanner',
    async scan(texts, call) {
      const secrets = options
        .secrets()
        .map(({ name, value }) => ({ name, needles: needlesOf(value) }))
        .filter(({ needles }) => needles.length > 0);
      const outgoing = texts.map(readOutgoing);
      const leaks = await scanForSecrets(outgoing, secrets, call);
      if (options.knownShapes !== false) leaks.push(...(await scanForShapes(outgoing, call)));
      call?.signal?.throwIfAborted();
      return distinct(leaks);
    },
  };
}

/** A text, and where it is a diff what that adds, by file: read once, since a long one takes a while. */
interface ReadText extends OutgoingText {
  /** Null where it is no diff. */
  readonly added: readonly AddedFile[] | null;
}

function readOutgoing(outgoing: OutgoingText): ReadText {
  return { ...outgoing, added: outgoing.where === 'diff' ? addedFiles(outgoing.text) : null };
}

async function scanForSecrets(
  texts: readonly ReadText[],
  secrets: readonly SearchedSecret[],
  call: CallOptions | undefined,
): Promise<Leak[]> {
  if (secrets.length === 0) return [];
  const leaks: Leak[] = [];
  const found = new Set<SearchedSecret>();
  for (const { where, text, added } of texts) {
    await breathe(call);
    const parts = added === null ? [text] : [text, addedText(added)];
    for (const [secret, kind] of parts.flatMap((part) => findSecrets(part, secrets))) {
      // One that is found twice is one; where it stands is looked for once.
      if (leaks.some((leak) => leak.where === where && leak.kind === kind)) continue;
      found.add(secret);
      const place = added === null ? null : placeOf(added, (part) => findSecrets(part, [secret]).length > 0);
      leaks.push({ where, kind, by: 'held', ...(place !== null && { place }) });
    }
  }
  await breathe(call);
  const together = texts.map(({ text, added }) => (added === null ? text : addedText(added))).join('\n');
  const unfound = secrets.filter((secret) => !found.has(secret));
  for (const [, kind] of findSecrets(together, unfound)) {
    leaks.push({ where: 'several texts together', kind, by: 'held' });
  }
  return leaks;
}

/** Where a diff adds what is looked for. Null where no file by itself does, and where the file's own name would tell it. */
function placeOf(added: readonly AddedFile[], isIn: (text: string) => boolean): NonNullable<Leak['place']> | null {
  const file = added.find(({ text }) => isIn(text));
  if (file === undefined || file.path === null || isIn(file.path)) return null;
  const index = file.text.split('\n').findIndex(isIn);
  return { path: file.path, line: file.lines[index] ?? null };
}

/** The first reading in which a secret stands in a text, and every encoding it has there. */
function findSecrets(text: string, secrets: readonly SearchedSecret[]): readonly (readonly [SearchedSecret, string])[] {
  const views = viewsOf(text).map((view) => ({ ...view, lowered: view.text.toLowerCase() }));
  return secrets.flatMap((secret) => {
    for (const { reading, text: shown, lowered, fit } of views) {
      const hits = secret.needles.filter((needle) => {
        const fitted = fit(needle);
        return fitted !== null && (needle.anyCase ? lowered.includes(fitted.toLowerCase()) : shown.includes(fitted));
      });
      if (hits.length > 0) return hits.map(({ encoding }) => [secret, kindOf(secret.name, encoding, reading)] as const);
    }
    return [];
  });
}

function kindOf(name: string, encoding: string | null, reading: string | null): string {
  const how = [encoding, reading].filter((part) => part !== null);
  return how.length === 0 ? name : `${name} (${how.join(', ')})`;
}

async function scanForShapes(texts: readonly ReadText[], call: CallOptions | undefined): Promise<readonly Leak[]> {
  const leaks: Leak[] = [];
  try {
    // Its rules take time and memory to load, and a run that changes nothing never needs them.
    const { findKnownShapes } = await import('./known-shapes.js');
    for (const { where, text, added } of texts) {
      for (const part of added ?? [{ path: null, text, lines: [] }]) {
        await breathe(call);
        const { path } = part;
        const found = await findKnownShapes(part.text, path ?? 'text.txt');
        const isTold = path !== null && found.length > 0 && (await findKnownShapes(path, 'text.txt')).length === 0;
        for (const { kind, line } of found) {
          const place = isTold ? { place: { path, line: part.lines[line - 1] ?? null } } : {};
          leaks.push({ where, kind, by: 'shape', ...place });
        }
      }
    }
  } catch (error) {
    call?.signal?.throwIfAborted();
    // Without its cause, which may quote what was scanned.
    const name = error instanceof Error ? error.name : typeof error;
    throw new BatonError('INTERNAL', `The search for known shapes of secrets failed (${name}), so nothing may leave.`, {
      details: { stage: 'known shapes' },
      adapter: 'leak-scanner',
    });
  }
  return leaks;
}

interface AddedFile {
  /** Null where there is no telling. */
  readonly path: string | null;
  readonly text: string;
  /** Where each line of `text` stands in the file. */
  readonly lines: readonly number[];
}

/** What a diff adds, by file. All of it where it can't be read as a diff. */
function addedFiles(diff: string): readonly AddedFile[] {
  const files = parseChangeDiff(diff);
  if (files === null) return [{ path: null, text: diff, lines: [] }];
  return files
    .filter(({ addedLines }) => addedLines.length > 0)
    .map(({ path, addedLines, addedAt }) => ({ path, text: addedLines.join('\n'), lines: addedAt }));
}

function addedText(added: readonly AddedFile[]): string {
  return added.map(({ text }) => text).join('\n');
}

function distinct(leaks: readonly Leak[]): readonly Leak[] {
  return [...new Map(leaks.map((leak) => [JSON.stringify([leak.where, leak.kind, leak.place?.path]), leak])).values()];
}

/** Lets the daemon do other things between two texts: searching a long one takes a while. */
async function breathe(call: CallOptions | undefined): Promise<void> {
  call?.signal?.throwIfAborted();
  await setImmediate();
  call?.signal?.throwIfAborted();
}
