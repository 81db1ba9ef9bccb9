import type { CheckEvidence, Diagnosis, Runtime } from '@baton/core';
import { createVerifyCheckout, type Project } from '@baton/engine';

/** One line of the doctor about a project's base branch. */
export interface BaselineFinding extends Diagnosis {
  readonly subject: string;
  readonly severity: 'failure' | 'warning';
}

function judge(subject: string, place: string, { name, base }: CheckEvidence): BaselineFinding {
  const failed = base?.tests?.filter(({ status }) => status === 'failed') ?? [];
  const of =
    base?.tests === null || base?.tests === undefined ? '' : `: ${failed.length} of ${base.tests.length} tests`;
  const names = failed.slice(0, 3).map((test) => test.name);
  const named = names.length === 0 ? '' : ` (${names.join(', ')}${failed.length > names.length ? ', …' : ''})`;
  const ok = base?.exitCode === 0;
  return {
    subject,
    severity: 'failure',
    check: 'baseline',
    ok,
    detail: ok ? `${name} is green on ${place}` : `${name} fails on ${place}${of}${named}`,
    fix: ok ? null : 'repair the base branch, or list the tests under verify.knownFailures',
  };
}

/** Runs a project's checks on its base branch, in a checkout of its own that goes again. */
export async function* measureBaseline(
  project: Project,
  runtime: Runtime,
  signal: AbortSignal,
): AsyncGenerator<BaselineFinding> {
  const { forge, workspaces, gates } = project;
  const call = { signal };
  const subject = project.name;
  try {
    const branch = await forge.defaultBranch(call);
    const repository = forge.repository;
    const fetched = { repository, remote: await forge.remote(call), branch, readableBy: 'commands' } as const;
    const baseCommit = await workspaces.fetch(fetched, call);
    const key = { job: runtime.id('doctor'), attempt: 1, role: 'verify' } as const;
    const { network, readable, maxMemoryBytes, maxProcesses } = project.sandbox;
    const sandbox = { network, readable, maxMemoryBytes, maxProcesses };
    try {
      const workspace = await workspaces.open({ repository, key, baseCommit, sandbox }, call);
      const { tree } = await workspace.snapshot(call);
      const place = `${branch}@${baseCommit.slice(0, 7)}`;
      for (const gate of gates) {
        const evidence = (await gate.baseline?.(createVerifyCheckout(workspace, tree), call)) ?? [];
        yield* evidence.map((each) => judge(subject, place, each));
      }
    } finally {
      await workspaces.remove(key);
    }
  } catch (error) {
    signal.throwIfAborted();
    const detail = error instanceof Error ? error.message : String(error);
    yield {
      subject,
      severity: 'failure',
      check: 'baseline',
      ok: false,
      detail,
      fix: 'mend what the line says, then try again',
    };
  }
}
