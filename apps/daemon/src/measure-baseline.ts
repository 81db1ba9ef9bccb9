import { BatonError, type CheckEvidence, type Diagnosis, type Runtime } from '@baton/core';
import { createVerifyCheckout, type FoundPolicy, narrow, type Project } from '@baton/engine';
import { readBasePolicy } from './policy/base-policy.js';

/** One line of the doctor about a project's base branch. */
export interface BaselineFinding extends Diagnosis {
  readonly subject: string;
  readonly severity: 'failure' | 'warning';
}

interface Measured {
  readonly subject: string;
  readonly place: string;
  /** Names of tests that may stay red, as the check gate takes them. */
  readonly mayFail: ReadonlySet<string>;
}

/** What is red by such tests alone lets changes pass, as it does when a job is judged. */
function judge({ subject, place, mayFail }: Measured, { name, base }: CheckEvidence): BaselineFinding {
  const red = base?.tests?.filter(({ status }) => status === 'failed') ?? [];
  const unknown = red.filter((test) => !mayFail.has(test.name) && !mayFail.has(test.sharedName ?? test.name));
  const isKnown = red.length > 0 && unknown.length === 0 && base?.exitCode != null && base.incomplete === undefined;
  const failed = unknown.length > 0 ? unknown : red;
  const of =
    base?.tests === null || base?.tests === undefined ? '' : `: ${failed.length} of ${base.tests.length} tests`;
  const names = failed.slice(0, 3).map((test) => test.name);
  const named = names.length === 0 ? '' : ` (${names.join(', ')}${failed.length > names.length ? ', …' : ''})`;
  const isGreen = base?.exitCode === 0;
  const ok = isGreen || isKnown;
  const told = `${name} fails on ${place}${isKnown ? ' as verify.knownFailures lets it' : ''}`;
  return {
    subject,
    severity: 'failure',
    check: 'baseline',
    ok,
    detail: isGreen ? `${name} is green on ${place}` : `${told}${of}${named}`,
    fix: ok ? null : 'repair the base branch, or list the tests under verify.knownFailures',
  };
}

function* judgePolicy(subject: string, place: string, found: FoundPolicy): Generator<BaselineFinding> {
  if (found.kind === 'none') return;
  const line = { subject, severity: 'failure', check: 'policy' } as const;
  if (found.kind === 'bad') {
    yield {
      ...line,
      ok: false,
      detail: found.reason,
      fix: `mend it on ${place.split('@')[0]}: until then each job waits`,
    };
    return;
  }
  const { path, summary } = found.figures;
  yield { ...line, ok: true, detail: `${path} of ${place} asks: ${summary.join('; ') || 'nothing'}`, fix: null };
}

/** Runs a project's checks, and those that its repository asks for, on its base branch, in a checkout of its own that goes again. */
export async function* measureBaseline(
  project: Project,
  /** Names of tests that may stay red. */
  knownFailures: readonly string[],
  runtime: Runtime,
  signal: AbortSignal,
): AsyncGenerator<BaselineFinding> {
  const { forge, workspaces } = project;
  const call = { signal };
  const subject = project.name;
  const mayFail = new Set(knownFailures);
  try {
    const repository = forge.repository;
    const { place, commit: baseCommit, found } = await readBasePolicy(project, call);
    yield* judgePolicy(subject, place, found);
    const { gates } = found.kind === 'policy' ? narrow(project, found.policy) : project;
    const key = { job: runtime.id('doctor'), attempt: 1, role: 'verify' } as const;
    const { network, readable, maxMemoryBytes, maxProcesses } = project.sandbox;
    const sandbox = { network, readable, maxMemoryBytes, maxProcesses };
    try {
      const workspace = await workspaces.open({ repository, key, baseCommit, sandbox }, call);
      const { tree } = await workspace.snapshot(call);
      for (const gate of gates) {
        const evidence = (await gate.baseline?.(createVerifyCheckout(workspace, tree), call)) ?? [];
        yield* evidence.map((each) => judge({ subject, place, mayFail }, each));
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
      fix: (BatonError.is(error) ? error.fix : undefined) ?? 'mend what the line says, then try again',
    };
  }
}
