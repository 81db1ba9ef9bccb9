export type { VersionAnswer, VersionRequest } from './ask-version.js';
export { askVersion } from './ask-version.js';
export type { CallIds } from './call-ids.js';
export { createCallIds } from './call-ids.js';
export type { CommandPlace } from './diagnose-program.js';
export { diagnoseProgram } from './diagnose-program.js';
export { tellsFullContext } from './full-context.js';
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
export type { ParsedJson } from './parse-json.js';
export { parseJson } from './parse-json.js';
export type { ServerEvent } from './server-events.js';
export { readServerEvents } from './server-events.js';
export type { Turn, TurnSessionInit } from './turn-session.js';
export { createTurnSession } from './turn-session.js';
