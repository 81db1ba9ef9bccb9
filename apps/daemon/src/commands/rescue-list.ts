import { viewJob } from '@baton/engine';
import { exitCodes } from '../exit-codes.js';
import { escapeLine } from '../render/escape-control.js';
import { mapJobJson } from '../render/job-json.js';
import { jobState } from '../render/job-standing.js';
import { renderTable } from '../render/render-table.js';
import type { Command } from '../run-command.js';
import { openSession } from '../wire/open-session.js';

/** `baton rescue list`: jobs whose work was kept under a rescue ref. */
export const rescueList: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openSession(context, { readOnly: true });
  const store = await session.store();
  const jobs = await Array.fromAsync(store.list({}, { signal }));
  const views = jobs.map(viewJob).filter((view) => view.rescued.length > 0);
  if (output.json !== null) {
    output.printJson({ schema: 'baton.jobList/v1', items: views.map(mapJobJson) });
  } else if (views.length === 0) {
    output.print('nothing was rescued');
  } else {
    const rows = views.map((view) => [view.id, escapeLine(view.issue.key), jobState(view), view.rescued.join(' ')]);
    output.print(renderTable([['job', 'issue', 'state', 'kept under'], ...rows]));
  }
  return exitCodes.ok;
};
