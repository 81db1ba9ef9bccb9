import { countAheadIn } from '../count-ahead.js';
import { exitCodes } from '../exit-codes.js';
import { listPending, mapPendingJson, pendingWords } from '../list-pending.js';
import { explanationRow, mapExplanationJson } from '../render/render-explanation.js';
import { renderTable } from '../render/render-table.js';
import type { Command } from '../run-command.js';
import { openSession } from '../wire/open-session.js';

/** `baton plan`: what the next tick would do. Writes nothing. */
export const plan: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openSession(context, { readOnly: true });
  const baton = await session.baton();
  const explanations = await baton.plan();
  const store = await session.store();
  const countAhead = await countAheadIn(store, { signal });
  const rows = [];
  for (const explanation of explanations) {
    const { job } = explanation;
    const pending = job === null ? [] : await listPending(store, job, { signal });
    rows.push({ explanation, pending, ahead: countAhead(job) });
  }
  if (output.json !== null) {
    const items = rows.map(({ explanation, pending, ahead }) => ({
      ...mapExplanationJson(explanation),
      pending: mapPendingJson(pending),
      ahead,
    }));
    output.printJson({ schema: 'baton.plan/v1', items });
    return exitCodes.ok;
  }
  const { projects } = session.config;
  if (explanations.length === 0) {
    const labels = projects.map(
      ({ name, query }) => `${name}: ${query.labels.join(', ') || `assignee ${query.assignee}`}`,
    );
    output.print(`no open issue matches (${labels.join('; ')})`);
  } else {
    output.print(renderTable(rows.map(({ pending, ...row }) => explanationRow(row, pendingWords(pending)))));
    output.print(output.colours.dim('why: baton explain <issue>'));
  }
  return exitCodes.ok;
};
