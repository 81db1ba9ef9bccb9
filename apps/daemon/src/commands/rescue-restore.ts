import { viewJob } from '@baton/engine';
import { CommandError } from '../command-error.js';
import { exitCodes } from '../exit-codes.js';
import { findVault } from '../find-vault.js';
import { escapeLine } from '../render/escape-control.js';
import { resolveJob } from '../resolve-job.js';
import type { Command } from '../run-command.js';
import { openSession } from '../wire/open-session.js';

/**
 * `baton rescue restore <job>`: the git commands that bring rescued work into a clone. Baton writes to no
 * repository of a person's, so it changes nothing itself.
 */
export const rescueRestore: Command = async (context, input) => {
  const { output, signal } = context;
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
  const { state } = session.config;
  const kept = view.rescued.map((ref, index) => {
    const vault = findVault(state, ref);
    const branch = `baton/rescue-${view.id}${index === 0 ? '' : `-${index + 1}`}`;
    return {
      ref,
      vault,
      branch,
      command: vault === null ? null : `git fetch ${quote(vault)} ${quote(`${ref}:refs/heads/${branch}`)}`,
    };
  });
  if (output.json !== null) {
    output.printJson({ schema: 'baton.rescue/v1', job: view.id, items: kept });
    return exitCodes.ok;
  }
  output.print('in a clone of the repository run:');
  for (const { ref, branch, command } of kept) {
    output.print(command === null ? `  ${ref} is not on this machine` : `  ${command} && git switch ${branch}`);
  }
  return kept.every(({ vault }) => vault !== null) ? exitCodes.ok : exitCodes.notFound;
};

const quote = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
