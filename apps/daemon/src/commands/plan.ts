import { messageOf } from '@baton/core';
import type { Explanation } from '@baton/engine';
import { findPlacesIn } from '../jobs/find-places.js';
import { listPending, mapPendingJson, pendingWords } from '../jobs/list-pending.js';
import { judgeWithPolicy, type ToldPolicy, tellPolicy, wouldBegin } from '../policy/base-policy.js';
import { explanationRow, mapExplanationJson } from '../render/render-explanation.js';
import { escapeLine } from '../text/escape-control.js';
import { renderTable } from '../text/render-table.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openSession, type Session } from '../wire/open-session.js';
import { tellLeftOut } from '../wire/tell-left-out.js';
import { placeLimitsOf } from './place-limits.js';

/** What the repository of each project asks that a job would begin in. */
async function readPolicies(
  session: Session,
  explanations: readonly Explanation[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ToldPolicy>> {
  const beginning = new Set(explanations.filter(wouldBegin).map(({ project }) => project));
  const policies = new Map<string, ToldPolicy>();
  for (const project of await session.projects()) {
    if (beginning.has(project.name)) policies.set(project.name, await tellPolicy(project, session.hasState, signal));
  }
  return policies;
}

/** `baton plan`: what the next tick would do. Writes nothing. Exit 1 where a project could not be asked. */
export const plan: Command = async (context) => {
  const { output, signal } = context;
  await using session = await openSession(context, { readOnly: true, take: 'healthy' });
  const baton = await session.baton();
  const { explanations, failures: unasked } = await baton.plan();
  const broken = session.leftOut.map(({ name, problem }) => ({ project: name, error: problem }));
  const failures = [...unasked, ...broken];
  const [failed] = failures;
  if (failed !== undefined && broken.length === 0 && unasked.length === session.config.projects.length) {
    throw failed.error;
  }
  const policies = await readPolicies(session, explanations, signal);
  const store = await session.store();
  const findPlace = await findPlacesIn(store, placeLimitsOf(session), { signal });
  const rows = [];
  for (const explained of explanations) {
    const explanation = judgeWithPolicy(explained, policies.get(explained.project) ?? null);
    const { job } = explanation;
    const pending = job === null ? [] : await listPending(store, job, { signal });
    rows.push({ explanation, pending, place: findPlace(job) });
  }
  const code = failed === undefined ? exitCodes.ok : exitCodes.failure;
  if (output.json !== null) {
    const items = rows.map(({ explanation, pending, place }) => ({
      ...mapExplanationJson(explanation),
      pending: mapPendingJson(pending),
      ahead: place?.ahead ?? null,
    }));
    output.printJson({
      schema: 'baton.plan/v1',
      items,
      failures: failures.map(({ project, error }) => ({ project, message: messageOf(error) })),
    });
    return code;
  }
  for (const { project, error } of unasked) {
    output.tell(
      `${output.colours.red('error:')} ${project} could not be asked for its issues: ${escapeLine(messageOf(error))}`,
    );
  }
  tellLeftOut(session.leftOut, 'could not be asked for its issues', output);
  const projects = session.config.projects.filter(({ name }) => failures.every(({ project }) => project !== name));
  if (explanations.length === 0 && projects.length > 0) {
    const labels = projects.map(
      ({ name, query }) => `${name}: ${query.labels.join(', ') || `assignee ${query.assignee}`}`,
    );
    output.say(`no open issue matches (${labels.join('; ')})`);
  } else if (explanations.length > 0) {
    const now = session.services.runtime.clock.now();
    const told = rows.map(({ pending, ...row }) => explanationRow(row, pendingWords(pending), now));
    output.print(renderTable(told, output.columns));
    output.print(output.colours.dim('why: baton explain <issue>'));
  }
  return code;
};
