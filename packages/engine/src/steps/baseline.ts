import { mapCheckFigures } from '../job/check-figures.js';
import type { Step } from '../job/step-context.js';
import { narrowedProject } from '../policy/narrowed-project.js';
import { baselineOf } from '../verify/baseline-of.js';

/** What the checks say of the untouched base: known before anything is changed, so that a red base isn't held against the agent. */
export const baseline: Step = {
  name: 'baseline',
  // No `find`: kept evidence is found inside, cached by commit and command.
  async act(context) {
    const narrowed = await narrowedProject(context, 'baseline');
    if (narrowed.kind === 'ask') return [narrowed.entry];
    const evidence = [];
    for (const gate of narrowed.project.gates) evidence.push(...(await baselineOf(context, gate)));
    const durationMs = context.elapsedMs();
    return [{ type: 'baselined', data: { checks: evidence.map(mapCheckFigures), durationMs } }];
  },
};
