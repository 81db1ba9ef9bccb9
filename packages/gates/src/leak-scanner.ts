import { setImmediate } from 'node:timers/promises';
import { BatonError, type CallOptions, type Leak, type LeakScanner, type OutgoingText } from '@baton/core';
import { parseChangeDiff } from './change-diff.js';
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
      const leaks = await scanForSecrets(texts, secrets, call);
      if (options.knownShapes !== false) leaks.push(...(await scanForShapes(texts, call)));
      call?.signal?.throwIfAborted();
      return distinct(leaks);
    },
  };
}

async function scanForSecrets(
  texts: readonly OutgoingText[],
  secrets: readonly SearchedSecret[],
  call: CallOptions | undefined,
): Promise<Leak[]> {
  if (secrets.length === 0) return [];
  const leaks: Leak[] = [];
  const found = new Set<SearchedSecret>();
  for (const { where, text } of texts) {
    await breathe(call);
    const parts = where === 'diff' ? [text, addedText(text)] : [text];
    for (const [secret, kind] of parts.flatMap((part) => findSecrets(part, secrets))) {
      found.add(secret);
      leaks.push({ where, kind });
    }
  }
  await breathe(call);
  const together = texts.map(({ where, text }) => (where === 'diff' ? addedText(text) : text)).join('\n');
  const unfound = secrets.filter((secret) => !found.has(secret));
  for (const [, kind] of findSecrets(together, unfound)) leaks.push({ where: 'several texts together', kind });
  return leaks;
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

async function scanForShapes(texts: readonly OutgoingText[], call: CallOptions | undefined): Promise<readonly Leak[]> {
  const leaks: Leak[] = [];
  try {
    // Its rules take time and memory to load, and a run that changes nothing never needs them.
    const { findKnownShapes } = await import('./known-shapes.js');
    for (const { where, text } of texts) {
      for (const part of where === 'diff' ? addedFiles(text) : [{ path: 'text.txt', text }]) {
        await breathe(call);
        for (const kind of await findKnownShapes(part.text, part.path)) leaks.push({ where, kind });
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

/** What a diff adds, by file. All of it where it can't be read as a diff. */
function addedFiles(diff: string): readonly { readonly path: string; readonly text: string }[] {
  const files = parseChangeDiff(diff);
  if (files === null) return [{ path: 'text.txt', text: diff }];
  return files
    .filter(({ addedLines }) => addedLines.length > 0)
    .map(({ path, addedLines }) => ({ path: path ?? 'text.txt', text: addedLines.join('\n') }));
}

function addedText(diff: string): string {
  return addedFiles(diff)
    .map(({ text }) => text)
    .join('\n');
}

function distinct(leaks: readonly Leak[]): readonly Leak[] {
  return [...new Map(leaks.map((leak) => [JSON.stringify([leak.where, leak.kind]), leak])).values()];
}

/** Lets the daemon do other things between two texts: searching a long one takes a while. */
async function breathe(call: CallOptions | undefined): Promise<void> {
  call?.signal?.throwIfAborted();
  await setImmediate();
  call?.signal?.throwIfAborted();
}
