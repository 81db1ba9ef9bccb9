import type { CallOptions, GateInput } from '@baton/core';
import type { FileDiff } from '../diff/change-diff.js';
import { textBefore } from './changed-manifests.js';

/**
 * A regular file as the base has it, of which a gate is shown no more than the tree and the diff: what the change does
 * to it is taken back. Null where the base has none, and where it can't be told.
 */
export async function textOfBase(
  { changes, readText }: Pick<GateInput, 'changes' | 'readText'>,
  files: readonly FileDiff[],
  path: string,
  call: CallOptions | undefined,
): Promise<string | null> {
  const change = changes.find((each) => each.oldMode !== null && (each.oldPath ?? each.path) === path);
  if (change === undefined) return changes.some((each) => each.path === path) ? null : readText(path, call);
  const now = change.mode === null ? '' : await readText(change.path, call);
  return now === null ? null : textBefore(change, now, files);
}
