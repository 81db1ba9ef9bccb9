import type { Brief, WaitReason } from '@baton/core';
import { chooseAgentOrder } from '../agents/agent-order.js';
import { endOfEarlierLife, mayHaveEarlierLife } from '../branches/earlier-life.js';
import { claimIssueRef, describeClaim } from '../branches/issue-claim.js';
import { describeOtherRequest, findOtherRequest } from '../branches/other-request.js';
import { adoptPullRequest } from '../branches/own-branch.js';
import { findOthersClaim } from '../branches/standing-claims.js';
import { statusKey } from '../decide/status-label.js';
import { countBegun, whyHeldBack } from '../eligibility/begun-jobs.js';
import { describeFull, judge, judgeOwn } from '../eligibility/eligibility.js';
import { takePlace } from '../eligibility/open-places.js';
import { readFacts, readOwnFacts } from '../eligibility/read-facts.js';
import { never } from '../job/backoff.js';
import { endJob, waitJob } from '../job/entries.js';
import type { EntryOf, JobEntry } from '../job/entry.js';
import { reduce } from '../job/fold/reduce.js';
import type { Step, StepContext } from '../job/step-context.js';
import { asksPerson } from '../job/wait-reasons.js';
import { showStatus } from '../status/show-status.js';

const recheckMs = 5 * 60_000;
/** What another daemon works is looked at less often: it takes its time, and each look asks the host. */
const theirsMs = 30 * 60_000;

/** Decides, on freshly read facts, whether the issue is worked, and says on the issue that it is. */
export const claim: Step = {
  name: 'claim',
  // No `find`: the label and the comment are `ensure`: showing them again changes nothing.
  async act(context) {
    const job = context.job();
    const { project, signal } = context;
    const obstacle = judgeOwn(await readOwnFacts(context, job.id, { signal }), project);
    if (obstacle) return [waitFor(context, obstacle.wait, obstacle.reason)];
    const facts = await readFacts(
      context,
      {
        job: { id: job.id, isBegun: false },
        issueId: job.data.issue.id,
        branch: job.branch,
        approvedText: job.data.approvedText,
      },
      { signal },
    );
    const verdict = judge(facts, project);
    if (verdict.kind === 'end') return [endJob(verdict.outcome, verdict.reason)];
    const open = facts.pullRequests.find((each) => each.state.unified === 'open');
    // Before anything is asked: the question would take the place of what another daemon has shown.
    const ended = open || facts.issue === null ? null : await endOfEarlierLife(context, facts.issue);
    if (ended) return [ended];
    if (verdict.kind === 'wait') {
      const { wait, reason } = verdict;
      const isAsked = asksPerson(verdict);
      const theirs = isAsked ? await waitForTheirs(context) : null;
      if (theirs) return [theirs];
      const until = isAsked ? never : (verdict.until ?? context.runtime.clock.now() + recheckMs);
      const asked = isAsked && facts.edits.kind === 'untrusted' ? { askedText: facts.edits.asked } : {};
      return [waitJob(wait, { until, reason, resume: 'claiming', ...asked })];
    }
    const { issue, brief } = facts;
    if (issue === null || brief === null) throw new Error('a verdict to run without an issue or a brief');
    if (open) {
      const taken = await claimAmongDaemons(context);
      const lineup = chooseAgentOrder(project.agents, issue, brief);
      return [taken ?? (await adoptPullRequest(context, open, { brief, lineup }))];
    }
    const late = (await takeAPlace(context)) ?? (await countAsBegun(context, brief));
    if (late) return [late];
    const taken =
      (await claimAmongDaemons(context)) ?? (await endedMeanwhile(context)) ?? (await waitForOther(context));
    if (taken) return [taken];
    const lineup = chooseAgentOrder(project.agents, issue, brief);
    return claimIssue(context, { brief, lineup, mayHaveLived: await mayHaveEarlierLife(context) });
  },
};

function waitFor(context: StepContext, wait: WaitReason, reason: string, forMs = recheckMs): JobEntry {
  const until = context.runtime.clock.now() + forMs;
  return waitJob(wait, { until, reason, resume: 'claiming' });
}

/** Null where the job has its place; else how it waits, because others took the last since the facts were read. */
async function takeAPlace(context: StepContext): Promise<JobEntry | null> {
  const { project, store, signal } = context;
  if (await takePlace(store, project, context.job().id, { signal })) return null;
  const most = project.budget.openPullRequests ?? 0;
  return waitFor(context, 'budget', describeFull(most, most));
}

/** Null where the job counts as begun; else how it waits, because others were begun since the facts were read. */
async function countAsBegun(context: StepContext, { trigger }: Brief): Promise<JobEntry | null> {
  const { project, store, runtime, signal } = context;
  const { perActorPerHour: perHour } = project.trust;
  const subject = { project: project.name, actorId: trigger.actor.id };
  const request = { job: context.job().id, perHour, now: runtime.clock.now() };
  const until = await countBegun(store, subject, request, { signal });
  if (until === null || perHour === null) return null;
  const reason = whyHeldBack(trigger.actor.login, perHour, until);
  return waitJob('budget', { until, reason, resume: 'claiming' });
}

/** Null where no other daemon works the issue; else how the job waits until that one has gone. */
async function claimAmongDaemons(context: StepContext): Promise<JobEntry | null> {
  const answer = await claimIssueRef(context);
  if (answer.kind === 'theirs') return waitFor(context, 'unavailable', answer.reason, theirsMs);
  await context.record([{ type: 'issue-claimed', data: { until: answer.until } }]);
  return null;
}

/** Null where no other daemon works the issue; else how the job waits for it: a question would take the place of what that one shows. */
async function waitForTheirs(context: StepContext): Promise<JobEntry | null> {
  const { project, runtime, settings, job, signal } = context;
  const claim = await findOthersClaim({ project, runtime, owner: settings.owner }, job().dedupeKey, { signal });
  if (claim === null) return null;
  const remote = await project.forge.remote({ signal });
  return waitFor(context, 'unavailable', describeClaim(claim, remote, claim.ref), theirsMs);
}

/** Whoever had the issue until now may have ended on it since it was read. */
async function endedMeanwhile(context: StepContext): Promise<JobEntry | null> {
  const { project, signal } = context;
  const issue = await project.source.get(context.job().data.issue.id, { signal });
  return issue && endOfEarlierLife(context, issue);
}

/** Null where no other pull request of the issue stands open; else how the job waits for what becomes of it. */
async function waitForOther(context: StepContext): Promise<JobEntry | null> {
  const other = await findOtherRequest(context);
  return other && waitFor(context, 'unavailable', describeOtherRequest(other), theirsMs);
}

async function claimIssue(
  context: StepContext,
  claimed: Pick<EntryOf<'claimed'>['data'], 'brief' | 'lineup' | 'mayHaveLived'>,
): Promise<readonly JobEntry[]> {
  const { limits } = context.project;
  const entry = (shown: string): JobEntry => ({ type: 'claimed', data: { ...claimed, limits, shown } });
  const after = reduce(context.job(), entry(''), context.runtime.clock.now());
  await showStatus(context, after);
  const { project, signal } = context;
  await project.source.ensureAssigned?.(after.data.issue.id, true, { signal });
  return [entry(statusKey(after))];
}
