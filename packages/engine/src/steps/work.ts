import { type AgentSession, BatonError, type Workspace } from '@baton/core';
import { afterTurn } from '../agents/after-turn.js';
import { agentName } from '../agents/agent-order.js';
import { forgetOutage, rememberOutage } from '../agents/agent-outage.js';
import { type AgentChoice, chooseAgent } from '../agents/choose-agent.js';
import { type FinishedTurn, runTurn } from '../agents/run-turn.js';
import { planReservation, readMoneyLeft, tokensLeft } from '../agents/spend.js';
import { withTimeout } from '../async/with-timeout.js';
import { keepClaim } from '../branches/keep-claim.js';
import { readHouseStyle } from '../context/house-style.js';
import { readInstructionFiles } from '../context/instruction-files.js';
import { recheckRequest } from '../eligibility/recheck-request.js';
import { endJob, waitJob } from '../job/entries.js';
import type { JobEntry } from '../job/entry.js';
import type { StepIntent } from '../job/job-data.js';
import { limitsOf } from '../job/limits-of.js';
import type { Step, StepContext } from '../job/step-context.js';
import { narrowedProject } from '../policy/narrowed-project.js';
import { least } from '../project/limits.js';
import type { ProjectAgent } from '../project/project.js';
import { renderInstructions, renderPrompt } from '../render/render-prompt.js';
import { openWorkspace, removeWorkspaces } from '../workspaces/workspaces.js';

/** One turn of an agent in its worktree. What it leaves there is judged later; what it says is only kept. */
export const work: Step = {
  name: 'work',
  // No `find`: half a turn can't be told from a whole one by its tree: only a checkpoint lets it go on.
  async act(context, intent) {
    const refusal = (await keepClaim(context)) ?? (await recheckRequest(context));
    if (refusal) return [refusal];
    const narrowed = await narrowedProject(context, 'working');
    if (narrowed.kind === 'ask') return [narrowed.entry];
    const choice = await chooseAgent(context);
    if (choice.kind === 'wait') return [waitForAgent(choice)];
    const { chosen } = choice;
    const lacking = await reserve(context);
    if (lacking !== null) return lacking;
    const workspace = await openCheckout(context);
    return context.refusals.during('agent', async () => {
      const session = await openSession(context, chosen, { workspace, asked: narrowed.instructions });
      return takeTurn(context, intent, { chosen, session });
    });
  },
};

/** For an agent to end by itself; its processes go with the workspace. */
const closingMs = 10_000;

/** A day without room is looked at again then: what others had set aside and not spent is free. */
const roomMs = 15 * 60_000;

/** An attempt that goes on from what was handed in is not prepared anew: what the last one left goes here. */
async function openCheckout(context: StepContext): Promise<Workspace> {
  const { attempt, data } = context.job();
  if (data.publishedTree !== null && attempt > 1) await removeWorkspaces(context, attempt - 1);
  return openWorkspace(context, 'work');
}

async function takeTurn(
  context: StepContext,
  intent: StepIntent,
  { chosen, session }: { readonly chosen: ProjectAgent; readonly session: AgentSession },
): Promise<readonly JobEntry[]> {
  const { clock } = context.runtime;
  const limits = turnLimits(context, chosen);
  const prompt = renderPrompt(context.job(), intent, chosen.agent.id, context.project.prompt);
  // Whoever stood still until here may have been replaced, and another turn be at work in its checkout.
  await context.confirm();
  const turn = await runTurn(context, session, { prompt, limits }).finally(() =>
    withTimeout(session.close(), closingMs, clock),
  );
  context.refusals.requests(turn.end.refused ?? []);
  const world = { now: clock.now(), random: context.runtime.random() };
  const subject = { project: context.project.name, name: agentName(chosen) };
  const met = { job: context.job().id, end: turn.end };
  const answered = turn.end.outcome.unified !== 'unavailable';
  await (answered ? forgetOutage(context.store, subject) : rememberOutage(context.store, subject, met, world));
  const ended = turnEnded(chosen, turn, { session: namedSession(context, chosen), durationMs: context.elapsedMs() });
  return [ended, ...afterTurn(context.job(), turn, world)];
}

/** The provider's limit is not the job's failure: no attempt is counted. */
function waitForAgent({ wait, until, reason }: Extract<AgentChoice, { kind: 'wait' }>): JobEntry {
  return waitJob(wait, { until, reason, resume: 'working' });
}

async function openSession(
  context: StepContext,
  { agent, model, instructions = '' }: ProjectAgent,
  { workspace, asked }: { readonly workspace: Workspace; readonly asked: string | null },
): Promise<AgentSession> {
  const { project, signal } = context;
  const { files, told } = await readInstructionFiles(context, project.instructions?.repositoryFiles ?? []);
  const { checkpoint, turnTree } = context.job().data;
  const others = { forAgent: instructions, asked, files, titles: await readHouseStyle(context) };
  const start = { workspace, instructions: renderInstructions(project, context.job(), others) };
  const started = (resumed: boolean, tree: string): Promise<void> => {
    const data = { agent: agent.id, model, resumed, tree, ...(told.length > 0 && { told }) };
    return context.record([{ type: 'turn-started', data }]);
  };
  if (turnTree !== null && checkpoint?.agent === agent.id && agent.resume) {
    try {
      const session = await agent.resume({ ...start, state: checkpoint }, { signal });
      await started(true, turnTree);
      return session;
    } catch (error) {
      // A checkpoint of another version: its agent begins anew, as if it had told none.
      if (!BatonError.is(error, 'PROTOCOL_VIOLATION')) throw error;
    }
  }
  if (turnTree !== null) {
    // The turn that was cut off is done again from where it began; what it had done is kept aside.
    await workspace.rescue({ signal });
    // Another tree may ask for another setup.
    await context.refusals.during('setup', () => workspace.load(turnTree, { signal }));
  }
  await started(false, turnTree ?? (await workspace.snapshot({ signal })).tree);
  return agent.start(start, { signal });
}

function turnLimits(context: StepContext, { limits = {} }: ProjectAgent) {
  const job = context.job();
  const { steps, wallClockMs } = limitsOf(job);
  const microUsd = job.data.reserved?.amounts[0]?.amount ?? null;
  const deadline = context.runtime.clock.now() + Math.max(0, wallClockMs - job.data.workedMs);
  return {
    maxSteps: least(steps, limits.steps),
    maxTokens: least(tokensLeft(job), limits.tokens),
    maxMicroUsd: least(microUsd, limits.microUsd),
    deadline,
  };
}

/** Sets money aside for the turn, each time anew: what a try before it cost stays counted. Not null: why there is none. */
async function reserve(context: StepContext): Promise<readonly JobEntry[] | null> {
  const { store, project, signal } = context;
  if (context.job().data.reserved !== null) await context.record([{ type: 'turn-lost', data: {} }]);
  const job = context.job();
  const now = context.runtime.clock.now();
  const left = await readMoneyLeft({ store, project }, job, now, { signal });
  if (left.job === 0) {
    return [endJob('limit-reached', 'The job has spent what it may.')];
  }
  const reservation = planReservation(job, project, left, now);
  if (reservation === null) return null;
  const reason = "The project's budget for today (budget.usdPerDay) has no room for another turn.";
  const waiting = waitJob('budget', { until: now + roomMs, reason, resume: 'working' });
  if (left.day === 0) return [waiting];
  // The job knows of it first: whatever the ledger holds after a crash, the job's next life gives back.
  await context.record([{ type: 'turn-reserved', data: reservation }]);
  const { id, amounts } = reservation;
  if (await store.reserve(context.lease(), { id, amounts }, { signal })) return null;
  return [{ type: 'turn-lost', data: {} }, waiting];
}

/** As the agent's last checkpoint tells: a turn that was ended in its middle had one, too. */
function namedSession(context: StepContext, { agent }: ProjectAgent): string | null {
  const { checkpoint } = context.job().data;
  const name = checkpoint?.agent === agent.id ? checkpoint.session : undefined;
  return name !== undefined && /^[\w.:/@-]{1,100}$/.test(name) ? name : null;
}

function turnEnded(
  { agent }: ProjectAgent,
  { end, model }: FinishedTurn,
  { session, durationMs }: { readonly session: string | null; readonly durationMs: number },
): JobEntry {
  const { outcome, usage, summary } = end;
  return {
    type: 'turn-ended',
    data: {
      agent: agent.id,
      outcome: outcome.unified,
      raw: outcome.raw,
      usage,
      summary: summary.slice(0, 8_000).toWellFormed(),
      model,
      session,
      durationMs,
    },
  };
}
