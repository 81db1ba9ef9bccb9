import { askPerson } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import type { FoldedJob } from '../job/job-data.js';
import type { StepContext } from '../job/step-context.js';

/** What decides whether a result may be pushed without a person's yes. */
type PushRules = { readonly project: Pick<StepContext['project'], 'ci'> };

/** Why the tree judged last is not pushed before a person approved just that tree. Null where nothing is in its way. */
export function whyNotPushed(rules: PushRules, { id, data }: FoldedJob): string | null {
  if (data.judged !== null && data.approvedTree === data.judged.tree) return null;
  if (!data.publish) return 'It is not published, as was asked.';
  if (rules.project.ci !== 'ask') return null;
  return `Pushing it starts the host's CI, with the repository's secrets: look at the diff (baton show ${id} --diff), then let it be pushed (baton approve ${id}).`;
}

/** A result that waits for a person before anything leaves the machine. What the person says yes to is its tree. */
export function askBeforePush(reason: string): JobEntry {
  return askPerson(reason, 'publishing');
}
