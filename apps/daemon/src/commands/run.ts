import { sweepProcesses } from '@baton/adapter-kit';
import { renderTimeline, viewJob } from '@baton/engine';
import { splitReference } from '../jobs/split-reference.js';
import { jobExitCode } from '../render/job-exit-code.js';
import { mapJobJson } from '../render/job-json.js';
import { renderJob } from '../render/render-job.js';
import { narrowConfig } from '../running/narrow-config.js';
import { runEngine } from '../running/run-engine.js';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openSession } from '../wire/open-session.js';

/** `baton run <issue>`: one issue in the foreground, to its next wait or its end. */
export const run: Command = async (context, input) => {
  const { output, interrupts } = context;
  const typed = input.arguments[0] ?? '';
  const { agent, maxCost } = input.options;
  const publish = input.options['publish'] !== false;
  const keep = input.options['keep'] === true;
  await using session = await openSession(context, {
    keepWorkspaces: keep,
    adjust: (config) =>
      narrowConfig(config, {
        agent: typeof agent === 'string' ? agent : null,
        maxMicroUsd: typeof maxCost === 'number' ? Math.round(maxCost * 1_000_000) : null,
      }),
  });
  await session.projects();
  await sweepProcesses();
  const { reference, options } = splitReference(typed, session.config, input.options['project']);
  const job = await runEngine(context, session, (baton) => baton.runIssue(reference, { ...options, publish }));
  if (job === null) {
    throw new CommandError(`No project knows an issue ${escapeLine(typed)}.`, {
      code: 'NOT_FOUND',
      exit: 'notFound',
      fix: 'check the reference: 412, #412, owner/repo#412, a URL, local:0001, or project#412',
    });
  }
  const view = viewJob(job);
  const checkout = keep ? await (await session.baton()).checkout(job.id) : null;
  if (output.json !== null) {
    output.printJson({ schema: 'baton.job/v1', ...mapJobJson(view), ...(keep ? { checkout } : {}) });
  } else {
    const store = await session.store();
    const timeline = renderTimeline(await Array.fromAsync(store.journal(job.id, 0)));
    output.print(
      renderJob(
        { view, timeline, pending: [], place: null },
        output.colours,
        session.services.runtime.clock.now(),
        output.columns,
      ),
    );
  }
  if (keep && output.json === null) {
    output.print(
      checkout === null
        ? '  no checkout was made'
        : `  checkout kept: ${checkout}${view.outcome === null ? '' : ' (until the next baton start or baton gc)'}`,
    );
  }
  return interrupts.interrupted() ? exitCodes.interrupted : jobExitCode(view);
};
