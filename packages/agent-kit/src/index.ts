export { type CallIds, createCallIds } from './model/call-ids.js';
export { mapConnectionError } from './model/connection-error.js';
export { FailedAnswer, type ToldFailure } from './model/failed-answer.js';
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
export { untoldUsage } from './model/model.js';
export type { ModelAgentOptions } from './model/model-agent-options.js';
export { createModelFetch } from './model/model-fetch.js';
export { createReplyBounds, type ReplyBounds } from './model/reply-bounds.js';
export { readServerEvents, type ServerEvent } from './model/server-events.js';
export { type SilenceWatch, watchSilence } from './model/silence-watch.js';
export { createModelAgent, type ModelAgent } from './model-agent.js';
export { type CommandPlace, diagnoseProgram } from './program/diagnose-program.js';
export { type ParsedJson, parseJson } from './text/parse-json.js';
export { toldSession } from './told-session.js';
export {
  type BudgetedCall,
  createTurnBudget,
  estimateTokens,
  type SpentCall,
  type SpentLimit,
  type TurnBudget,
} from './turn/turn-budget.js';
export type { TurnEnding } from './turn/turn-ending.js';
export { createTurnSession, type Turn, type TurnSessionInit } from './turn/turn-session.js';
