import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatonError } from '@baton/core';
import type { Survey } from '@baton/engine';
import type { Config } from '../config/config.js';
import { mapSurveyJson, renderSurveys } from '../render/render-survey.js';
import { hasWorker } from '../running/announce-worker.js';
import { setStoreAside } from '../support/set-store-aside.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command, CommandContext } from '../verb/run-command.js';
import { openSession, type Session } from '../wire/open-session.js';

type Unreadable = BatonError<'STORE_UNREADABLE'>;

/** What the store says of itself where it can't be read. Null: it can be, or there is none. */
async function findUnreadable(session: Session, signal: AbortSignal): Promise<Unreadable | null> {
  try {
    const store = await session.store();
    for await (const _ of store.list({}, { signal }));
    return null;
  } catch (error) {
    if (BatonError.is(error, 'STORE_UNREADABLE')) return error;
    throw error;
  }
}

async function look(context: CommandContext, adjust?: (config: Config) => Config): Promise<readonly Survey[]> {
  await using session = await openSession(context, { readOnly: true, ...(adjust && { adjust }) });
  return await (await session.baton()).survey();
}

/** What is on the hosts, as if the store that can't be read were gone. */
async function lookBeside(context: CommandContext): Promise<readonly Survey[]> {
  const directory = await mkdtemp(join(tmpdir(), 'baton-look-'));
  try {
    const settings = { path: join(directory, 'store.db') };
    return await look(context, (config) => ({ ...config, store: { ...config.store, settings } }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Takes up what there is. Tells of a store that it set aside for that. */
async function takeUp(
  context: CommandContext,
  unreadable: Unreadable | null,
): Promise<{ readonly surveys: readonly Survey[]; readonly stored: number; readonly aside: string | null }> {
  await using session = await openSession(context);
  const { state } = session.config;
  if (hasWorker(state)) {
    throw new CommandError(`A daemon runs on ${state}: it takes up what there is by itself.`, {
      code: 'CONFLICT',
      exit: 'failure',
      fix: 'look at it with baton list, or stop the daemon and try again',
    });
  }
  const aside = unreadable && setStoreAside(unreadable, session.services.runtime.clock.now());
  const baton = await session.baton();
  const surveys = await baton.survey();
  return { surveys, stored: (await baton.takeUp()).length, aside };
}

/**
 * `baton recover [--yes]`: what the next start takes up of what the store knows nothing of, because it was lost, or is
 * set aside; with `--yes` its jobs are stored now. Nothing is worked.
 */
export const recover: Command = async (context, input) => {
  const { output, signal } = context;
  const isMeant = input.options['yes'] === true;
  const { unreadable, now } = await (async () => {
    await using session = await openSession(context, { readOnly: true });
    return { unreadable: await findUnreadable(session, signal), now: session.services.runtime.clock.now() };
  })();
  const taken = isMeant ? await takeUp(context, unreadable) : null;
  const surveys = taken?.surveys ?? (await (unreadable === null ? look(context) : lookBeside(context)));
  if (output.json !== null) {
    output.printJson({
      schema: 'baton.recover/v1',
      items: surveys.flatMap(mapSurveyJson),
      otherBranches: surveys.flatMap(({ project, otherBranches }) =>
        otherBranches.map((branch) => ({ project, branch })),
      ),
      unreadable: unreadable?.message ?? null,
      stored: taken?.stored ?? null,
      aside: taken?.aside ?? null,
    });
    return exitCodes.ok;
  }
  const { dim, yellow } = output.colours;
  if (!isMeant && unreadable !== null) output.say(yellow(`${unreadable.message} With --yes it is set aside.`));
  for (const line of renderSurveys(surveys, now, output.columns)) output.say(line);
  if (taken === null) {
    output.say(dim('nothing was changed; baton start does this, baton recover --yes stores the jobs now'));
    return exitCodes.ok;
  }
  if (taken.aside !== null) output.print(`the store that could not be read is ${taken.aside} now`);
  const jobs = taken.stored === 1 ? '1 job' : `${taken.stored} jobs`;
  output.print(`stored ${jobs}; baton start goes on with ${taken.stored === 1 ? 'it' : 'them'}`);
  return exitCodes.ok;
};
