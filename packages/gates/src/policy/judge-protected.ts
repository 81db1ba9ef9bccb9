import { setImmediate } from 'node:timers/promises';
import type { CallOptions, GateInput } from '@baton/core';
import picomatch from 'picomatch';
import type { FileDiff } from '../diff/change-diff.js';
import { readPaths } from '../diff/change-paths.js';
import { type ChangedManifest, compareManifests } from '../manifests/changed-manifests.js';
import type { KindsOfPath } from '../protected/kinds-of-path.js';
import { type ProtectedKindName, protectedKindNames, protectedKinds } from '../protected/protected-kinds.js';
import { canonicalPath } from '../text/canonical-path.js';
import { listNames } from '../text/clean-output.js';
import { findSteering } from './find-steering.js';
import type { Objection } from './objection.js';

/** What a change of something protected leads to. */
export type OnProtected = 'hold' | 'block' | 'allow';

/** By kind; `configured` are the patterns of `protectedPaths`. A kind that isn't named holds. */
export type OnProtectedByKind = Readonly<Partial<Record<ProtectedKindName | 'configured', OnProtected>>>;

/** How protected paths are told, and what follows. */
export interface Protection {
  /** Null: no built-in kind is protected. */
  readonly kindsOf: KindsOfPath | null;
  readonly configured: (path: string) => boolean;
  readonly on: OnProtected | OnProtectedByKind;
}

/** What a change of protected things leads to, and what a reader must be told of it whatever it leads to. */
export interface JudgedProtection {
  readonly objections: readonly Objection[];
  readonly notes: readonly string[];
  /** `GateResult.steers`. */
  readonly steers: readonly string[];
}

/** Patterns of picomatch, dot files included, met by a path as it is and as the laxest file system takes it. */
export function createPathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const matches = picomatch([...patterns], { dot: true, nocase: true });
  return (path) => matches(path) || matches(canonicalPath(path));
}

type Kind = ProtectedKindName | 'configured';

const pathsAtOnce = 10;

const verdicts = { hold: 'hold', block: 'stop' } as const;

/** Judges by path, and where a manifest holds many kinds of settings, by its content. */
export async function judgeProtected(
  input: GateInput,
  files: readonly FileDiff[],
  { kindsOf, configured, on }: Protection,
  call: CallOptions | undefined,
): Promise<JudgedProtection> {
  const touched = new Map<Kind, string[]>();
  const note = (kind: Kind, name: string): void => {
    const names = touched.get(kind);
    if (names === undefined) touched.set(kind, [name]);
    else names.push(name);
  };
  const objections: Objection[] = [];
  const whole = new Set<string>();
  for (const [index, { path, name }] of readPaths(input.changes).entries()) {
    // A long name takes milliseconds, and there may be many: others have their turn between them.
    if (index % pathsAtOnce === pathsAtOnce - 1) await setImmediate();
    call?.signal?.throwIfAborted();
    if (configured(path)) note('configured', name);
    for (const kind of kindsOf?.(path) ?? []) {
      note(kind, name);
      whole.add(path);
    }
  }
  const manifests: readonly ChangedManifest[] = kindsOf === null ? [] : await compareManifests(input, files, call);
  for (const { path, settings } of manifests.filter((each) => !whole.has(each.path))) {
    if (settings === null) {
      const text = `What it changes in ${listNames([path])} can't be told, so nobody has looked at it.`;
      objections.push({ verdict: 'hold', text });
    }
    for (const { kind, key } of settings ?? []) note(kind, `${path}: ${key}`);
  }
  const notes: string[] = [];
  for (const kind of [...protectedKindNames, 'configured'] as const) {
    const names = touched.get(kind);
    if (names === undefined) continue;
    const what = kind === 'configured' ? 'protected files' : `${kind} (${protectedKinds[kind].what})`;
    const text = `It changes ${what}: ${listNames(names)}.`;
    const outcome = typeof on === 'string' ? on : (on[kind] ?? 'hold');
    notes.push(text);
    if (outcome !== 'allow') objections.push({ verdict: verdicts[outcome], text });
  }
  const { steers, installed } = findSteering(input.changes, kindsOf, manifests);
  if (installed.length > 0) {
    notes.push(
      `Checks are not run with the base's versions of what decides what is installed: ${listNames(installed)}.`,
    );
  }
  return { objections, notes, steers };
}
