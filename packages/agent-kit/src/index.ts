export type {
  CallUsage,
  ModelClient,
  ModelMessage,
  ModelReply,
  ModelRequest,
  ReplyDelta,
  ReplyPart,
  StopReason,
  ToolAnswer,
  ToolDefinition,
} from './model.js';
export type { ModelAgent } from './model-agent.js';
export { createModelAgent } from './model-agent.js';
export type { ModelAgentOptions } from './model-agent-options.js';
export type { Turn, TurnSessionInit } from './turn-session.js';
export { createTurnSession } from './turn-session.js';
