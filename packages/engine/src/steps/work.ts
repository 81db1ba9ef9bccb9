import { type AgentSession, BatonError, type Workspace } from '@baton/core';
import { afterTurn } from '../after-turn.js';
import { forgetOutage, rememberOutage } from '../agent-health.js';
import { atMost } from '../at-most.js';
import { type AgentChoice, chooseAgent } from '../choose-agent.js';
import type { JobEntry } from '../entry.js';
import type { StepIntent } from '../job-data.js';
import { least, limitsOf } from '../limits-of.js';
import { agentName } from '../lineup.js';
import { narrowedProject } from '../narrowed-project.js';
import type { ProjectAgent } from '../project.js';
import { renderInstructions, renderPrompt } from '../render-prompt.js';
import { type FinishedTurn, runTurn } from '../run-turn.js';
import { remaining, turnAmounts, turnShare } from '../spend.js';
import type { Step, StepContext } from '../step.js';
import { whyUnwanted } from '../still-wanted.js';
import { openWorkspace, removeWorkspaces } from '../workspaces.js';

/** One turn of an agent in its worktree. What it leaves there is judged later; what it says is only kept. */
export const work: Step = {
  name: 'work',
  // Half a turn can't be told from a whole one by its tree: only a checkpoint lets it go on.
  find: async () => null,
  async act(context, intent) {
    const refusal = context.job().data.turns > 0 ? await whyUnwanted(context) : null;
    if (refusal) return [refusal];
    const narrowed = await narrowedProject(context, 'working');
    if (narrowed.kind === 'ask') return [narrowed.entry];
    const choice = await chooseAgent(context);
    if (choice.kind === 'wait') return [waitForAgent(choice)];
    const { chosen } = choice;
    const reservation = await reserve(context, intent);
    if (reservation === null) return outOfBudget(context);
    try {
      const workspace = await openCheckout(context);
      return await context.refusals.during('agent', async () => {
        const session = await openSession(context, chosen, { workspace, instructions: narrowed.instructions });
        return await takeTurn(context, intent, { chosen, session, reservation });
      });
    } catch (error) {
      // What was set aside is not spent by a turn that came to nothing; an interrupted one is gone on with.
      if (!context.signal.aborted) await reservation.settle(context.job().data.turnUsage.microUsd ?? 0);
      throw error;
    }
  },
};

/** For an agent to end by itself; its processes go with the workspace. */
const closingMs = 10_000;

/** An attempt that goes on from what was handed in is not prepared anew: what the last one left goes here. */
async function openCheckout(context: StepContext): Promise<Workspace> {
  const { attempt, data } = context.job();
  if (data.publishedTree !== null && attempt > 1) await removeWorkspaces(context, attempt - 1);
  return openWorkspace(context, 'work');
}

async function takeTurn(
  context: StepContext,
  intent: StepIntent,
  turnOf: { readonly chosen: ProjectAgent; readonly session: AgentSession; readonly reservation: Reservation },
): Promise<readonly JobEntry[]> {
  const { chosen, session, reservation } = turnOf;
  const { clock } = context.runtime;
  const startedAt = clock.monotonic();
  const limits = turnLimits(context, chosen);
  const prompt = renderPrompt(context.job(), intent, chosen.agent.id);
  const turn = await runTurn(context, session, { prompt, limits }).finally(() =>
    atMost(session.close(), closingMs, clock),
  );
  context.refusals.requests(turn.end.refused ?? []);
  await reservation.settle(turn.end.usage.microUsd ?? 0);
  const world = { now: clock.now(), random: context.runtime.random() };
  const subject = { project: context.project.name, name: agentName(chosen) };
  const answered = turn.end.outcome.unified !== 'unavailable';
  await (answered ? forgetOutage(context.store, subject) : rememberOutage(context.store, subject, turn.end, world));
  return [turnEnded(chosen, turn, clock.monotonic() - startedAt), ...afterTurn(context.job(), turn, world)];
}

/** The provider's limit is not the job's failure: no attempt is counted (G23). */
function waitForAgent({ wait, until, reason }: Extract<AgentChoice, { kind: 'wait' }>): JobEntry {
  return { type: 'waiting', data: { wait, until, reason, resume: 'working', counted: false } };
}

async function openSession(
  context: StepContext,
  { agent, model }: ProjectAgent,
  { workspace, instructions }: { readonly workspace: Workspace; readonly instructions: string | null },
): Promise<AgentSession> {
  const { signal } = context;
  const { checkpoint, turnTree } = context.job().data;
  const start = { workspace, instructions: renderInstructions(context.project, context.job(), instructions) };
  const started = (resumed: boolean, tree: string): Promise<void> =>
    context.record([{ type: 'turn-started', data: { agent: agent.id, model, resumed, tree } }]);
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
  const { tokens, microUsd } = remaining(job);
  const deadline = context.runtime.clock.now() + Math.max(0, wallClockMs - job.data.workedMs);
  return {
    maxSteps: least(steps, limits.steps),
    maxTokens: least(tokens, limits.tokens),
    maxMicroUsd: least(microUsd ?? turnShare(job, context.project), limits.microUsd),
    deadline,
  };
}

interface Reservation {
  /** Replaces what was set aside by what the turn came to. */
  settle(microUsd: number): Promise<void>;
}

/** Sets money aside for the turn, by the same id after a crash. Null where there is none left. */
async function reserve(context: StepContext, intent: StepIntent): Promise<Reservation | null> {
  const { store, project, signal } = context;
  const job = context.job();
  const amounts = turnAmounts(job, project, intent.at);
  if (amounts.length === 0) return { settle: async () => {} };
  const id = `${job.id}/${intent.nonce}`;
  if (amounts.some((each) => each.amount <= 0 && each.scope === `job/${job.id}`)) return null;
  if (!(await store.reserve(context.lease(), { id, amounts }, { signal }))) return null;
  return {
    settle: (microUsd) =>
      store.settle(
        context.lease(),
        id,
        amounts.map(({ scope, period, unit }) => ({ scope, period, unit, amount: microUsd })),
        { signal },
      ),
  };
}

function outOfBudget(context: StepContext): readonly JobEntry[] {
  if (remaining(context.job()).microUsd === 0) {
    return [{ type: 'ending', data: { outcome: 'limit-reached', reason: 'The job has spent what it may.' } }];
  }
  const { clock } = context.runtime;
  const reason = "The project's budget for today has no room for another turn.";
  const until = clock.now() + 15 * 60_000;
  return [{ type: 'waiting', data: { wait: 'budget', until, reason, resume: 'working', counted: false } }];
}

function turnEnded({ agent }: ProjectAgent, { end, model }: FinishedTurn, durationMs: number): JobEntry {
  const { outcome, usage, summary } = end;
  return {
    type: 'turn-ended',
    data: {
      agent: agent.id,
      outcome: outcome.unified,
      raw: outcome.raw,
      usage,
      summary: summary.slice(0, 8_000),
      model,
      durationMs,
    },
  };
}
