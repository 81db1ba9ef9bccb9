import { askPerson } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import type { ActivePhase } from '../job/job-data.js';
import type { StepContext } from '../job/step-context.js';
import { narrow } from '../project/narrow.js';
import type { Project } from '../project/project.js';
import { withBase } from '../workspaces/workspaces.js';
import { readPolicy } from './read-policy.js';

/** A job's project as the policy of its base narrows it, or the question to a person where that can't be told. */
export type NarrowedProject =
  | { readonly kind: 'narrowed'; readonly project: Project; readonly instructions: string | null }
  | { readonly kind: 'ask'; readonly entry: JobEntry };

/**
 * What the job's base asks is followed, whichever way the job came to that base. Nothing is done without what was read
 * when the base was taken: where that isn't to be had, a person is asked.
 */
export async function narrowedProject(context: StepContext, resume: ActivePhase): Promise<NarrowedProject> {
  const { project } = context;
  const { base, policy } = context.job().data;
  if (base === null) return { kind: 'narrowed', project, instructions: null };
  const found = await withBase(context, base.branch, () => readPolicy(project, base, { signal: context.signal }));
  if (found.kind === 'bad') return { kind: 'ask', entry: askAboutPolicy(found.reason, resume) };
  if (policy !== null && (found.kind === 'none' || found.figures.hash !== policy.hash)) {
    const reason = `The job began with a ${policy.path} that can't be had any more, and nothing is done without it.`;
    return { kind: 'ask', entry: askAboutPolicy(reason, resume) };
  }
  if (found.kind === 'none') return { kind: 'narrowed', project, instructions: null };
  return {
    kind: 'narrowed',
    project: narrow(project, found.policy),
    instructions: found.policy.instructions,
  };
}

/** A job that waits until a person has mended what its repository asks. A yes has it looked at again, no more. */
export function askAboutPolicy(reason: string, resume: ActivePhase): JobEntry {
  return askPerson(`${reason} Once that is mended, baton approve has it read again.`, resume);
}
