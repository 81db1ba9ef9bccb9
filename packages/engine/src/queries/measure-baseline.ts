import type { CallOptions, CheckEvidence, Runtime } from '@baton/core';
import { type BasePolicy, readBasePolicy } from '../policy/base-policy.js';
import { narrow } from '../project/narrow.js';
import type { Project } from '../project/project.js';
import { openCheckout } from '../workspaces/open-checkout.js';
import { createVerifyCheckout } from '../workspaces/verify-checkout.js';

/** What is told of a project's base branch: what its repository asks there, then what each check says of it. */
export type BaselineMeasurement =
  | ({ readonly kind: 'policy' } & BasePolicy)
  | { readonly kind: 'check'; readonly branch: string; readonly commit: string; readonly evidence: CheckEvidence };

/**
 * Runs the checks of a project, and those that its repository asks for, on its base branch, in a checkout of their own
 * that goes again.
 */
export async function* measureBaseline(
  project: Project,
  runtime: Runtime,
  options: CallOptions,
): AsyncGenerator<BaselineMeasurement> {
  const base = await readBasePolicy(project, options);
  yield { kind: 'policy', ...base };
  const { branch, commit, found } = base;
  const { gates } = found.kind === 'policy' ? narrow(project, found.policy) : project;
  const key = { job: runtime.id('doctor'), attempt: 1, role: 'verify' } as const;
  try {
    const workspace = await openCheckout(project, { key, baseCommit: commit }, options);
    const { tree } = await workspace.snapshot(options);
    for (const gate of gates) {
      const measured = (await gate.baseline?.(createVerifyCheckout(workspace, tree), options)) ?? [];
      for (const evidence of measured) yield { kind: 'check', branch, commit, evidence };
    }
  } finally {
    await project.workspaces.remove(key);
  }
}
