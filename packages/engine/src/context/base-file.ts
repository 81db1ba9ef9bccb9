import { BatonError } from '@baton/core';
import type { StepContext } from '../job/step-context.js';
import { withBase } from '../workspaces/workspaces.js';

/** Longer ones are not read. */
const mostBytes = 2 ** 20;

/** Of these, no later try at the same commit comes to anything else. */
const untellable: ReadonlySet<string> = new Set(['TOO_LARGE', 'UNREADABLE']);

/**
 * A text file of the commit that a job began on, as git holds it, or why it can't be told. Null where nothing stands
 * there. Rejects where it can't be read for now.
 */
export async function readBaseFile(
  context: StepContext,
  base: { readonly branch: string; readonly commit: string },
  path: string,
): Promise<{ readonly text: string } | { readonly leftOut: string } | null> {
  const { project, signal } = context;
  const request = { repository: project.forge.repository, commit: base.commit, path, maxBytes: mostBytes };
  try {
    const text = await withBase(context, base.branch, () => project.workspaces.readText(request, { signal }));
    return text === null ? null : { text };
  } catch (error) {
    if (!BatonError.is(error) || !untellable.has(error.code)) throw error;
    return { leftOut: error.message };
  }
}
