import { findPlacesIn } from '../jobs/find-places.js';
import { splitReference } from '../jobs/split-reference.js';
import { judgeWithPolicy, tellPolicy } from '../policy/base-policy.js';
import { mapExplanationJson, renderExplanation } from '../render/render-explanation.js';
import { escapeLine } from '../text/escape-control.js';
import { CommandError } from '../verb/command-error.js';
import { exitCodes } from '../verb/exit-codes.js';
import type { Command } from '../verb/run-command.js';
import { openSession } from '../wire/open-session.js';
import { refuseLeftOut, tellLeftOut } from '../wire/tell-left-out.js';
import { placeLimitsOf } from './place-limits.js';

/** `baton explain <issue>`: the same judgement as dispatch, and what would turn it. */
export const explain: Command = async (context, input) => {
  const { output, signal } = context;
  await using session = await openSession(context, { readOnly: true, take: 'healthy' });
  const projects = await session.projects();
  const typed = input.arguments[0] ?? '';
  const { reference, options } = splitReference(
    typed,
    { projects: [...session.config.projects, ...session.leftOut] },
    input.options['project'],
  );
  refuseLeftOut(session.leftOut, options.project);
  tellLeftOut(session.leftOut, 'is left out', output);
  const baton = await session.baton();
  const explained = await baton.explain(reference, options);
  if (explained === null) {
    throw new CommandError(
      `No project${session.leftOut.length === 0 ? '' : ' that is in order'} knows an issue ${escapeLine(typed)}.`,
      {
        code: 'NOT_FOUND',
        exit: 'notFound',
        fix: 'check the reference: 412, #412, owner/repo#412, a URL, local:0001, or project#412',
      },
    );
  }
  const project = projects.find(({ name }) => name === explained.project);
  const policy = project === undefined ? null : await tellPolicy(project, session.hasState, signal);
  const explanation = judgeWithPolicy(explained, policy);
  const place = (await findPlacesIn(await session.store(), placeLimitsOf(session), { signal }))(explanation.job);
  if (output.json !== null) {
    output.printJson({
      schema: 'baton.explanation/v1',
      ...mapExplanationJson(explanation),
      policy,
      ahead: place?.ahead ?? null,
    });
  } else {
    output.print(renderExplanation({ explanation, policy, place }, output, session.services.runtime.clock.now()));
  }
  return exitCodes.ok;
};
