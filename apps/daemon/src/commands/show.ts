import { renderTimeline, viewJob } from '@baton/engine';
import { findPlacesIn } from '../jobs/find-places.js';
import { listPending, mapPendingJson } from '../jobs/list-pending.js';
import { loadJobDiff } from '../jobs/load-job-diff.js';
import { resolveJob } from '../jobs/resolve-job.js';
import { jobExitCode } from '../render/job-exit-code.js';
import { mapJobJson } from '../render/job-json.js';
import { renderJob } from '../render/render-job.js';
import { escapeDiff } from '../text/escape-control.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';
import { placeLimitsOf } from './place-limits.js';

/** `baton show <job>`. */
export const show: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context);
  const job = await resolveJob(session, input.arguments[0], signal);
  const view = viewJob(job);
  const store = await session.store();
  const code = input.options['exitCode'] === true ? jobExitCode(view) : exitCodes.ok;
  const diff = input.options['diff'] === true ? await loadJobDiff(session, job, signal) : null;
  if (output.json === null && diff !== null) {
    output.print(escapeDiff(diff));
    return code;
  }
  const timeline = renderTimeline(await Array.fromAsync(store.journal(job.id, 0, { signal })));
  const pending = await listPending(store, job, { signal });
  const place = (await findPlacesIn(store, placeLimitsOf(session), { signal }))(job);
  if (output.json !== null) {
    const story = timeline.map(({ at, ...line }) => ({ at: new Date(at).toISOString(), ...line }));
    output.printJson({
      schema: 'baton.job/v1',
      ...mapJobJson(view),
      pending: mapPendingJson(pending),
      ahead: place?.ahead ?? null,
      timeline: story,
      ...(diff === null ? {} : { diff }),
    });
  } else {
    output.print(
      renderJob(
        { view, timeline, pending, place },
        output.colours,
        session.services.runtime.clock.now(),
        output.columns,
      ),
    );
  }
  return code;
};
