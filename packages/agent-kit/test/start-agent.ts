import { createManualClock, type ManualClock } from '@baton/conformance';
import type { AgentResumeState, AgentSession } from '@baton/core';
import { createModelAgent, type ModelAgentOptions } from '../src/index.js';
import type { TestWorkspace } from '../src/testing.js';
import { createScriptedModel, type ScriptedModel, type ScriptedReply } from './scripted-model.js';

/** A session with a scripted model. */
export interface StartedAgent {
  readonly session: AgentSession;
  readonly model: ScriptedModel;
  readonly clock: ManualClock;
}

export async function startAgent(
  workspace: TestWorkspace,
  replies: Iterable<ScriptedReply>,
  options: Partial<ModelAgentOptions> = {},
  state?: AgentResumeState,
): Promise<StartedAgent> {
  const clock = createManualClock();
  const model = createScriptedModel(replies);
  const agent = createModelAgent({
    id: 'scripted',
    client: model,
    clock,
    price: null,
    contextWindow: 200_000,
    maxOutputTokens: 4_000,
    ...options,
  });
  const start = { workspace: workspace.view, instructions: 'Be good.' };
  const session = await (state === undefined ? agent.start(start) : agent.resume({ ...start, state }));
  return { session, model, clock };
}

/** Wakes whoever sleeps, again and again, while something goes on. */
export async function letTimePass<Value>(clock: ManualClock, work: Promise<Value>): Promise<Value> {
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  done.catch(() => {});
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advanceToNext();
  }
  return done;
}
