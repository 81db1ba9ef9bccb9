import { resolve } from 'node:path';
import { viewJob } from '@baton/engine';
import { CommandError } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';
import { findVault } from '../find-vault.js';
import { escapeLine } from '../render/escape-control.js';
import { resolveJob } from '../resolve-job.js';
import { restoreRescue } from '../restore-rescue.js';
import type { Command } from '../run-command.js';
import { openSession } from '../wire/open-session.js';

const attemptOf = (ref: string): number => Number(ref.split('/').at(-1)) || 0;

/**
 * `baton rescue restore <job> [--into <directory>] [--checkout]`: kept work becomes a branch of a repository of a
 * person's. The last attempt's is `baton/rescue/<job>`, an earlier one's has the attempt behind it.
 */
export const rescueRestore: Command = async (context, input) => {
  const { output, signal, cwd, environment } = context;
  await using session = await openSession(context, { readOnly: true });
  const view = viewJob(await resolveJob(session, input.arguments[0], signal));
  if (view.rescued.length === 0) {
    throw new CommandError(`Nothing of ${view.id} was rescued.`, {
      code: 'NOT_FOUND',
      exit: 'notFound',
      fix:
        view.head === null
          ? 'run baton rescue list to see what there is'
          : `its work is on the branch ${escapeLine(view.branch)}`,
    });
  }
  const named = input.options['into'];
  const into = resolve(cwd, typeof named === 'string' ? named : '.');
  const checkout = input.options['checkout'] === true;
  const refs = [...new Set(view.rescued)].toSorted((left, right) => attemptOf(right) - attemptOf(left));
  const restored: { readonly ref: string; readonly branch: string; readonly commit: string }[] = [];
  const missing: string[] = [];
  for (const [index, ref] of refs.entries()) {
    const vault = findVault(session.config.state, ref);
    const branch = `baton/rescue/${view.id}${index === 0 ? '' : `-${attemptOf(ref)}`}`;
    if (vault === null) missing.push(ref);
    else {
      const request = { vault, ref, into, branch, checkout: checkout && index === 0 };
      restored.push({ ref, branch, ...(await restoreRescue(request, environment, { signal })) });
    }
  }
  if (restored.length === 0) {
    throw new CommandError(`${missing.join(' ')} is in no vault below ${session.config.state}.`, {
      code: 'NOT_FOUND',
      exit: 'notFound',
      fix: 'run this on the machine, and with the state directory, that the job was worked with',
    });
  }
  if (output.json !== null) {
    output.printJson({ schema: 'baton.rescue/v1', job: view.id, repository: into, items: restored, missing });
    return exitCodes.ok;
  }
  for (const { branch, commit } of restored) output.print(`branch ${branch} at ${commit.slice(0, 7)} in ${into}`);
  for (const ref of missing) output.print(`${ref} is not on this machine`);
  if (!checkout) output.print(`look at it: git log -p ${restored[0]?.branch ?? ''}`);
  return missing.length === 0 ? exitCodes.ok : exitCodes.notFound;
};
