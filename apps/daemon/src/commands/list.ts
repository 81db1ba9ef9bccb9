import { formatCost, type Job, type JobPhase, type JobQuery, openPhases } from '@baton/core';
import { peekStoreIdentity, viewJob } from '@baton/engine';
import { closest } from '../config/closest.js';
import { aheadWords, findPlacesIn, type Place } from '../jobs/find-places.js';
import { jobPhases } from '../jobs/job-phases.js';
import { listPending, mapPendingJson, type PendingSignal, pendingWords } from '../jobs/list-pending.js';
import { mapJobJson } from '../render/job-json.js';
import { jobStanding } from '../render/job-standing.js';
import { cutText } from '../text/cut-text.js';
import { escapeLine } from '../text/escape-control.js';
import { formatAge } from '../text/format-instants.js';
import { renderTable } from '../text/render-table.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords, type Records } from '../wire/open-records.js';
import { placeLimitsOf } from './place-limits.js';

function parsePhases(value: unknown): readonly JobPhase[] | null {
  if (typeof value !== 'string') return null;
  return value.split(',').map((word) => {
    const known = jobPhases.find((phase) => phase === word.trim());
    if (known !== undefined) return known;
    const meant = closest(word, jobPhases);
    throw new CommandError(`There is no phase ${escapeLine(word)}${meant === null ? '' : `; did you mean ${meant}?`}`, {
      code: 'USAGE',
      exit: 'usage',
      fix: `use one of ${jobPhases.join(', ')}`,
    });
  });
}

const titleColumns = 48;

/** One row of a list of jobs. `more`: what is to be said beside its standing, such as what a person asked of it. */
export function jobRow(job: Job, now: number, more: readonly string[] = []): readonly string[] {
  const view = viewJob(job);
  const pullRequest = view.pullRequest === null ? '' : `#${view.pullRequest.number}`;
  return [
    view.id,
    escapeLine(view.issue.key),
    more.length === 0 ? jobStanding(view, now) : `${jobStanding(view, now)} (${more.join('; ')})`,
    pullRequest,
    formatCost(view.cost),
    formatAge(view.updatedAt, now),
    cutText(escapeLine(view.issue.title), titleColumns),
  ];
}

/** A store on which nobody has worked yet may stand in the place of one that was lost: that it has no jobs says nothing. */
async function describeNone(session: Records, openAlone: boolean, signal: AbortSignal): Promise<string> {
  if ((await peekStoreIdentity(await session.store(), { signal })) === null) {
    return `no daemon has worked on ${session.state} yet; where it should have, baton recover tells what the hosts still have`;
  }
  return openAlone ? 'no open jobs (baton list --all shows the ended ones)' : 'no jobs';
}

/** `baton list`. */
export const list: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context);
  const { project, phase, all, limit } = input.options;
  const wanted = parsePhases(phase);
  const query: JobQuery = {
    ...(typeof project === 'string' ? { project } : {}),
    ...(wanted !== null ? { phases: wanted } : all === true ? {} : { phases: openPhases }),
    limit: typeof limit === 'number' ? limit : 50,
  };
  const store = await session.store();
  const jobs = await Array.fromAsync(store.list(query, { signal }));
  const findPlace = await findPlacesIn(store, placeLimitsOf(session), { signal });
  const rows: { readonly job: Job; readonly pending: readonly PendingSignal[]; readonly place: Place | null }[] = [];
  for (const job of jobs) {
    rows.push({ job, pending: await listPending(store, job, { signal }), place: findPlace(job) });
  }
  if (output.json !== null) {
    const items = rows.map(({ job, pending, place }) => ({
      ...mapJobJson(viewJob(job)),
      pending: mapPendingJson(pending),
      ahead: place?.ahead ?? null,
    }));
    output.printJson({ schema: 'baton.jobList/v1', items });
    return exitCodes.ok;
  }
  const now = session.services.runtime.clock.now();
  if (jobs.length === 0) {
    output.say(await describeNone(session, wanted === null && all !== true, signal));
    return exitCodes.ok;
  }
  output.print(
    renderTable(
      [
        ['job', 'issue', 'state', 'pull', 'cost', 'changed', 'title'],
        ...rows.map(({ job, pending, place }) =>
          jobRow(job, now, [aheadWords(place), pendingWords(pending)].filter(Boolean)),
        ),
      ],
      output.columns,
    ),
  );
  return exitCodes.ok;
};
