import assert from 'node:assert/strict';
import type { AgentEvent, AgentResumeState, AgentSession, AgentUsage, CodingAgent, WorkspaceView } from '@baton/core';
import type { Rig } from '../contract.js';
import type { ManualClock } from '../manual-clock.js';

/**
 * What the suite makes an agent do.
 *
 * - `edit`: leaves `rig.edit.content` in `rig.edit.path`, and says that it is done
 * - `fail`: the program or the provider breaks down
 * - `hang`: creates the file `hanging` in the root, and never ends; with a child process, where the agent can have one
 * - `ask`: asks a person
 * - `escape`: tries to write outside the workspace
 * - `enter`: reads `inner/note.txt` as it reads any file, and works in `inner` where it can; for a rig that has `asked`
 */
export type AgentDeed = 'edit' | 'fail' | 'hang' | 'ask' | 'escape' | 'enter';

/** The world around a coding agent. */
export interface CodingAgentRig extends Rig {
  /** Builds the agent under test. A second call stands for another process: same settings, nothing shared in memory. */
  createAgent(): CodingAgent;
  /** Empty when the case begins. */
  readonly workspace: WorkspaceView;
  /** The agent judges its deadlines by it. */
  readonly clock: ManualClock;
  /** The prompt that brings about a deed. Null: this agent can't be brought to it. */
  readonly prompts: Readonly<Record<AgentDeed, string | null>> & { readonly edit: string };
  /** What an `edit` turn leaves, and what it costs: the same in a first, a later and a resumed turn. */
  readonly edit: { readonly path: string; readonly content: string; readonly usage: AgentUsage };
  /** Keys and the like that the agent was given. */
  readonly secrets: readonly string[];
  /**
   * The text of each request that reached the model so far, as it was sent, answers of tools included. Absent: the
   * agent has no model, or nobody sees what that is asked.
   */
  asked?(): readonly string[];
  /** What runs now of all that the agent began, a word or two each. */
  processes(): Promise<readonly string[]>;
  /** Whether `escape` came through. */
  escaped(): Promise<boolean>;
}

/** A session under way. Disposing closes it and its agent. */
export interface StartedSession extends AsyncDisposable {
  readonly agent: CodingAgent;
  readonly session: AgentSession;
}

/** Begins a session in the rig's workspace, or goes on with one, by an agent of its own as in another process. */
export async function startSession(
  rig: CodingAgentRig,
  state?: AgentResumeState,
  instructions = 'Work in this directory alone.',
): Promise<StartedSession> {
  const agent = rig.createAgent();
  const request = { workspace: rig.workspace, instructions };
  const session = await (state === undefined ? agent.start(request) : agent.resume?.({ ...request, state }));
  assert.ok(session, 'the agent has no resume');
  return {
    agent,
    session,
    async [Symbol.asyncDispose]() {
      await session.close();
      await agent.close?.();
    },
  };
}

/** The last one that a turn told. */
export function checkpointOf(events: readonly AgentEvent[]): AgentResumeState {
  const states = events.flatMap((event) => (event.type === 'checkpoint' ? [event.state] : []));
  const last = states.at(-1);
  assert.ok(last, 'an agent that can resume told no checkpoint');
  return last;
}

/** The prompt of a deed that the case requires. */
export function wanted(prompt: string | null): string {
  assert.ok(prompt !== null, 'a case ran without the prompt that it requires');
  return prompt;
}
