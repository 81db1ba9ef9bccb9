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
    const { path } = change;
    const oldPath = change.oldPath ?? path;
    if (rulesOf(path) === null && rulesOf(oldPath) === null) continue;
    if (!isRegular(change.mode) || !isRegular(change.oldMode)) {
      found.push({ path, settings: null });
      continue;
    }
    const now = change.mode === null ? '' : await readText(path, call);
    const before = now === null ? null : textBefore(change, now, files);
    if (oldPath === path) found.push(compare(path, before, now));
    else found.push(compare(oldPath, before, ''), compare(path, '', now));
  }
  return found.filter(({ path }) => rulesOf(path) !== null);
}

function compare(path: string, before: string | null, now: string | null): ChangedManifest {
  const rules = rulesOf(path);
  return {
    path,
    settings: rules === null || before === null || now === null ? null : compareManifest(rules, before, now),
  };
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
