export type { CallIds } from './model/call-ids.js';
export { createCallIds } from './model/call-ids.js';
export { tellsFullContext } from './model/full-context.js';
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
} from './model/model.js';
export type { ModelAgentOptions } from './model/model-agent-options.js';
export type { ServerEvent } from './model/server-events.js';
export { readServerEvents } from './model/server-events.js';
export type { ModelAgent } from './model-agent.js';
export { createModelAgent } from './model-agent.js';
export type { VersionAnswer, VersionRequest } from './program/ask-version.js';
export { askVersion } from './program/ask-version.js';
export type { CommandPlace } from './program/diagnose-program.js';
export { diagnoseProgram } from './program/diagnose-program.js';
export type { ParsedJson } from './text/parse-json.js';
export { parseJson } from './text/parse-json.js';
export type { Turn, TurnSessionInit } from './turn/turn-session.js';
export { createTurnSession } from './turn/turn-session.js';
