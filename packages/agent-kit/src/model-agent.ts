import { maskDeep } from '@baton/adapter-kit';
import {
  type AgentResumeState,
  type AgentSession,
  type AgentStart,
  BatonError,
  type CallOptions,
  type CodingAgent,
} from '@baton/core';
import { createConversation } from './conversation/conversation.js';
import { createTranscript, findTranscript, type TranscriptMark } from './conversation/transcript.js';
import type { ModelAgentOptions } from './model/model-agent-options.js';
import { createWorkspaceTools } from './tools/workspace-tools.js';
import { renderInstructions } from './turn/instructions.js';
import { takeTurn } from './turn/turn-loop.js';
import { createTurnSession } from './turn/turn-session.js';

/** An agent that can go on in another process, and can be spoken to. */
export type ModelAgent = CodingAgent & Required<Pick<CodingAgent, 'resume'>>;

const checkpointVersion = 1;

/**
 * A coding agent around any model: it hands the model tools over the workspace, carries out what it calls, and
 * keeps the limits of a turn by not making the call that could pass them. After each reply it tells a
 * checkpoint; the conversation itself is kept in the workspace's scratch directory.
 */
export function createModelAgent(options: ModelAgentOptions): ModelAgent {
  const { id } = options;
  let sessions = 0;
  const begin = async (start: AgentStart, mark: TranscriptMark | null, call?: CallOptions): Promise<AgentSession> => {
    call?.signal?.throwIfAborted();
    sessions += 1;
    return await createModelSession(options, `${id}-${sessions}`, start, mark);
  };
  return {
    spec: 'coding-agent/1',
    id,
    start: (request, call) => begin(request, null, call),
    resume: async (request, call) => begin(request, mapMark(request.state, id), call),
  };
}

async function createModelSession(
  options: ModelAgentOptions,
  id: string,
  { workspace, instructions }: AgentStart,
  mark: TranscriptMark | null,
): Promise<AgentSession> {
  const { scratch } = workspace;
  const name = `transcript-${options.id}.jsonl`;
  const found = mark && (await findTranscript(scratch, name, mark));
  const conversation = createConversation();
  for (const entry of found?.entries ?? []) conversation.apply(entry);
  const transcript = found?.transcript ?? createTranscript(scratch, name);
  const tools = createWorkspaceTools(workspace);
  const said: string[] = [];
  let past: 'none' | 'found' | 'lost' = mark === null ? 'none' : found === null ? 'lost' : 'found';
  const session = createTurnSession({
    id,
    agent: options.id,
    takeTurn(turn) {
      const begun = past;
      past = 'none';
      return takeTurn({
        options,
        conversation,
        tools,
        instructions: renderInstructions(instructions),
        past: begun,
        said,
        turn,
        record: async (entry) => {
          await transcript.append(options.mask === undefined ? entry : maskDeep(entry, options.mask));
          conversation.apply(entry);
        },
        checkpoint: () => {
          const now = transcript.mark();
          return now && { agent: options.id, version: checkpointVersion, data: { ...now } };
        },
      });
    },
  });
  return {
    ...session,
    async interject(text) {
      said.push(text);
    },
  };
}

function mapMark({ agent, version, data }: AgentResumeState, id: string): TranscriptMark {
  if (agent === id && version === checkpointVersion && typeof data === 'object' && data !== null && 'bytes' in data) {
    const { bytes, digest } = data;
    if (typeof bytes === 'number' && typeof digest === 'string') return { bytes, digest };
  }
  throw new BatonError(
    'PROTOCOL_VIOLATION',
    `The checkpoint is not one of the agent ${id}, version ${checkpointVersion}.`,
    { details: { received: `${agent}, version ${version}` }, adapter: id },
  );
}
