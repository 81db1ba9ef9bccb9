import { viewJob } from '@baton/engine';
import { listRescued } from '../../jobs/list-rescued.js';
import { mapJobJson } from '../../render/job-json.js';
import { jobState } from '../../render/job-standing.js';
import { escapeLine } from '../../text/escape-control.js';
import { renderTable } from '../../text/render-table.js';
import { exitCodes } from '../../verb/exit-codes.js';
import type { Command } from '../../verb/run-command.js';
import { openRecords } from '../../wire/open-records.js';

/**
 * `baton rescue list`: jobs whose work was kept under a rescue ref, as the store remembers or as workspace providers keep it:
 * a sweep keeps work of jobs that have ended, and a store that was lost remembers nothing.
 */
export const rescueList: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openRecords(context);
  const store = await session.store();
  const found = Map.groupBy(await listRescued(session, { signal }), ({ job }) => job);
  const views = (await Array.fromAsync(store.list({}, { signal }))).map((job) => {
    const view = viewJob(job);
    const rescued = new Set([...view.rescued, ...(found.get(job.id) ?? []).map(({ ref }) => ref)]);
    found.delete(job.id);
    return { ...view, rescued: [...rescued] };
  });
  const kept = views.filter(({ rescued }) => rescued.length > 0);
  const unknown = [...found].map(([job, refs]) => ({ job, refs: refs.map(({ ref }) => ref) }));
  if (output.json !== null) {
    output.printJson({ schema: 'baton.jobList/v1', items: kept.map(mapJobJson), unknown });
  } else if (kept.length === 0 && unknown.length === 0) {
    output.print('nothing was rescued');
  } else {
    const rows = [
      ...kept.map((view) => [view.id, escapeLine(view.issue.key), jobState(view), view.rescued.join(' ')]),
      ...unknown.map(({ job, refs }) => [escapeLine(job), '–', 'not in this store', escapeLine(refs.join(' '))]),
    ];
    output.print(renderTable([['job', 'issue', 'state', 'kept under'], ...rows], output.columns));
  }
  return exitCodes.ok;
};
