import type { CallOptions, Change, GateInput } from '@baton/core';
import type { FileDiff } from '../diff/change-diff.js';
import { compareManifest, type ManifestSetting, rulesOf } from '../protected/manifest-settings.js';

/** A manifest that a change concerns. */
export interface ChangedManifest {
  readonly path: string;
  /** What of it differs and steers something; null where that can't be told. */
  readonly settings: readonly ManifestSetting[] | null;
}

const isRegular = (mode: string | null): boolean => mode === null || mode.startsWith('100');

/** The manifests of a change. A new one counts against none, one that is gone or was moved away against what it was. */
export async function compareManifests(
  { changes, readText }: Pick<GateInput, 'changes' | 'readText'>,
  files: readonly FileDiff[],
  call: CallOptions | undefined,
): Promise<readonly ChangedManifest[]> {
  const found: ChangedManifest[] = [];
  for (const change of changes) {
    const { path, alsoAt = [] } = change;
    const oldPath = change.oldPath ?? path;
    const sideOf = (each: string): Side => ({ path: each, rules: rulesOfAny([each, ...alsoAt]) });
    const [is, was] = [sideOf(path), sideOf(oldPath)];
    if (is.rules === null && was.rules === null) continue;
    if (!isRegular(change.mode) || !isRegular(change.oldMode)) {
      if (is.rules !== null) found.push({ path, settings: null });
      continue;
    }
    const now = change.mode === null ? '' : await readText(path, call);
    const before = now === null ? null : textBefore(change, now, files);
    if (oldPath === path) found.push(...compare(is, before, now));
    else found.push(...compare(was, before, ''), ...compare(is, '', now));
  }
  return found;
}

/** A manifest may go by another name where it lies than where it is read. */
function rulesOfAny(paths: readonly string[]): ReturnType<typeof rulesOf> {
  return paths.map(rulesOf).find((rules) => rules !== null) ?? null;
}

interface Side {
  readonly path: string;
  readonly rules: ReturnType<typeof rulesOf>;
}

function compare({ path, rules }: Side, before: string | null, now: string | null): readonly ChangedManifest[] {
  if (rules === null) return [];
  return [{ path, settings: before === null || now === null ? null : compareManifest(rules, before, now) }];
}

/** From the diff, since a gate is shown no file of the base. Null where the diff doesn't fit. */
export function textBefore(change: Change, now: string, files: readonly FileDiff[]): string | null {
  if (change.oldMode === null) return '';
  if (change.added + change.deleted === 0 && !change.binary) return now;
  const oldPath = change.oldPath ?? change.path;
  const [diff, ...more] = files.filter(
    (file) => file.oldPath === oldPath && file.path === (change.mode === null ? null : change.path),
  );
  return diff === undefined || more.length > 0 ? null : diff.restore(now);
}
