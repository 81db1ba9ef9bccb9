import { isEnded, type Job, type JobStore } from '@baton/core';
import { renderTimeline } from '@baton/engine';
import { resolveJob } from '../jobs/resolve-job.js';
import { renderTimelineLines } from '../render/render-job.js';
import { escapeLine } from '../text/escape-control.js';
import { textWidth } from '../text/text-width.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Output } from '../verb/output.js';
import type { Command } from '../verb/run-command.js';
import { openRecords } from '../wire/open-records.js';

const lookEveryMs = 500;
const jobsShown = 10;

/** Prints what a journal tells beyond the lines told before; how many there are now. */
async function tellNew(store: JobStore, job: Job, told: number, output: Output, signal: AbortSignal): Promise<number> {
  const lines = renderTimeline(await Array.fromAsync(store.journal(job.id, 0, { signal })));
  const fresh = lines.slice(told);
  if (output.json !== null) {
    for (const { at, ...line } of fresh) {
      output.printJson({
        schema: 'baton.logLine/v1',
        job: job.id,
        issue: job.issueKey,
        at: new Date(at).toISOString(),
        ...line,
      });
    }
  } else if (fresh.length > 0) {
    const name = `${job.id} ${escapeLine(job.issueKey)}`;
    const columns = output.columns === null ? null : output.columns - textWidth(`${name}  `);
    for (const line of renderTimelineLines(fresh, output.colours, columns).split('\n'))
      output.print(`${output.colours.dim(name)}  ${line}`);
  }
  return lines.length;
}

/** `baton logs [job] [-f]`: the stories of jobs, from the journal; without a job those of the newest. */
export const logs: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openRecords(context);
  const [reference] = input.arguments;
  const chosen = reference === undefined ? null : await resolveJob(session, reference, signal);
  const store = await session.store();
  const told = new Map<string, number>();
  const jobs = async (): Promise<readonly Job[]> => {
    if (chosen === null) return (await Array.fromAsync(store.list({ limit: jobsShown }, { signal }))).toReversed();
    const job = await store.get(chosen.id, { signal });
    return job === null ? [] : [job];
  };
  for (;;) {
    const current = await jobs();
    for (const job of current) {
      told.set(job.id, await tellNew(store, job, told.get(job.id) ?? 0, output, signal));
    }
    const over = chosen !== null && current.every((job) => isEnded(job.phase));
    if (input.options['follow'] !== true || over) return exitCodes.ok;
    await session.services.runtime.clock.sleep(lookEveryMs, { signal });
  }
};
