import { resolve } from 'node:path';
import { BatonError, type CallOptions, type RestoreRequest } from '@baton/core';
import { viewJob } from '@baton/engine';
import { listRescued } from '../../jobs/list-rescued.js';
import { resolveJob } from '../../jobs/resolve-job.js';
import { escapeLine } from '../../text/escape-control.js';
import { CommandError } from '../../verb/command-error.js';
import { exitCodes } from '../../verb/exit-codes.js';
import type { Command } from '../../verb/run-command.js';
import { openRecords, type Records } from '../../wire/open-records.js';

const attemptOf = (ref: string): number => Number(ref.split('/').at(-1)) || 0;

/** What there is of a job. One that only its kept work remembers goes by its whole id. */
async function findRescued(
  session: Records,
  reference: string,
  signal: AbortSignal,
): Promise<{ readonly job: string; readonly rescued: readonly string[] }> {
  const kept = await listRescued(session, { signal });
  const refsOf = (id: string) => kept.flatMap(({ job, ref }) => (job === id ? [ref] : []));
  const unknown = refsOf(reference);
  if (unknown.length > 0 && (await (await session.store()).get(reference, { signal })) === null) {
    return { job: reference, rescued: unknown };
  }
  const view = viewJob(await resolveJob(session, reference, signal));
  const rescued = [...new Set([...view.rescued, ...refsOf(view.id)])];
  if (rescued.length > 0) return { job: view.id, rescued };
  throw new CommandError(`Nothing of ${view.id} was rescued.`, {
    code: 'NOT_FOUND',
    exit: 'notFound',
    fix:
      view.head === null
        ? 'run baton rescue list to see what there is'
        : `its work is on the branch ${escapeLine(view.branch)}`,
  });
}

/** The commit at which the work is a branch now; null where no provider keeps it. */
async function restore(session: Records, request: RestoreRequest, call: CallOptions): Promise<string | null> {
  const providers = (await session.workspaces()).filter((each) => each.restore !== undefined);
  if (providers.length === 0) {
    const [lacking] = await session.workspaces();
    throw new CommandError(`The workspace provider ${lacking?.id} can't bring kept work back.`, {
      code: 'CAPABILITY_UNSUPPORTED',
      exit: 'failure',
      fix: `look in its documentation where ${request.ref} stands: nothing was lost`,
    });
  }
  try {
    for (const provider of providers) {
      const commit = await provider.restore?.(request, call);
      if (typeof commit === 'string') return commit;
    }
    return null;
  } catch (error) {
    throw mapFailure(error, request);
  }
}

/** What a person does about it at the command line. */
function mapFailure(error: unknown, { branch }: RestoreRequest): unknown {
  if (BatonError.is(error, 'NOT_FOUND')) {
    const fix = 'go to a checkout of the repository, or name one with --into <directory>';
    return new CommandError(error.message, { code: 'RESTORE_FAILED', exit: 'usage', fix });
  }
  const init = { code: 'RESTORE_FAILED', exit: 'failure' } as const;
  if (BatonError.is(error, 'CONFLICT')) {
    const fix = `rename it (git branch -m ${branch} <name>), then try again`;
    return new CommandError(error.message, { ...init, fix });
  }
  if (!BatonError.is(error, 'COMMAND_FAILED')) return error;
  const fix = 'mend what git says, then try again: nothing was lost';
  return new CommandError(`git could not bring the work in: ${escapeLine(error.message)}`, { ...init, fix });
}

/**
 * `baton rescue restore <job> [--into <directory>] [--checkout]`: kept work becomes a branch of a repository of a
 * person's. The last attempt's is `baton/rescue/<job>`, an earlier one's has the attempt behind it.
 */
export const rescueRestore: Command = async (context, input) => {
  const { output, signal, cwd, environment } = context;
  await using session = await openRecords(context);
  const { job, rescued } = await findRescued(session, input.arguments[0] ?? '', signal);
  const named = input.options['into'];
  const into = resolve(cwd, typeof named === 'string' ? named : '.');
  const checkout = input.options['checkout'] === true;
  const refs = rescued.toSorted((left, right) => attemptOf(right) - attemptOf(left));
  const restored: { readonly ref: string; readonly branch: string; readonly commit: string }[] = [];
  const missing: string[] = [];
  for (const [index, ref] of refs.entries()) {
    const branch = `baton/rescue/${job}${index === 0 ? '' : `-${attemptOf(ref)}`}`;
    const request = { ref, into, branch, checkout: checkout && index === 0, environment };
    const commit = await restore(session, request, { signal });
    if (commit === null) missing.push(ref);
    else restored.push({ ref, branch, commit });
  }
  if (restored.length === 0) {
    throw new CommandError(`${missing.join(' ')} is in no vault below ${session.state}.`, {
      code: 'NOT_FOUND',
      exit: 'notFound',
      fix: 'run this on the machine, and with the state directory, that the job was worked with',
    });
  }
  if (output.json !== null) {
    output.printJson({ schema: 'baton.rescue/v1', job, repository: into, items: restored, missing });
    return exitCodes.ok;
  }
  for (const { branch, commit } of restored) output.print(`branch ${branch} at ${commit.slice(0, 7)} in ${into}`);
  for (const ref of missing) output.print(`${ref} is not on this machine`);
  if (!checkout) output.print(`look at it: git log -p ${restored[0]?.branch ?? ''}`);
  return missing.length === 0 ? exitCodes.ok : exitCodes.notFound;
};
