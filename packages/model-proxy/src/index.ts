export { parseAgentLine } from './agent/parse-agent-line.js';
export { askingInstructions, findQuestion } from './agent/person-question.js';
export type {
  AgentProgram,
  ProgramAgentInit,
  ProgramAgentOptions,
  ProgramTurn,
  TakeProgramTurn,
} from './agent/program-agent.js';
export { createProgramAgent } from './agent/program-agent.js';
export type { ProgramRelease } from './agent/program-release.js';
export type { AgentTurnEnd, AgentTurnItem, AgentTurnRequest, RunningAgentTurn } from './agent/run-agent-turn.js';
export { runAgentTurn } from './agent/run-agent-turn.js';
export type { AgentProcess, AgentProcessRequest } from './agent/start-agent-process.js';
export { startAgentProcess } from './agent/start-agent-process.js';
export { createStop, type Stop } from './agent/stop.js';
export type { ClosedTurn, LineProgram, LineReader, ProgramLine } from './agent/take-line-turn.js';
export { takeLineTurn } from './agent/take-line-turn.js';
export type { ProgramTurnEnd, SeenEnd } from './agent/turn-end.js';
export { howEnded, mapClosingWords } from './agent/turn-end.js';
export type { PassedLimit, TurnListener } from './proxy/call-meter.js';
export type { LaunchFiles } from './proxy/launcher.js';
export type { ModelChannel, ModelProtocol, ModelProxy, ModelProxyOptions } from './proxy/model-proxy.js';
export { createModelProxy } from './proxy/model-proxy.js';
export type { ModelTurn } from './proxy/model-turn.js';
export type { AnthropicUsage, AnthropicUsageReader } from './wire/anthropic-usage.js';
export { createAnthropicUsageReader } from './wire/anthropic-usage.js';
export type { FailurePlace } from './wire/failure-error.js';
export type { ModelCallPlace, ModelTrouble, Unanswered } from './wire/map-model-error.js';
export { errorOf, mapModelError, mapUnanswered } from './wire/map-model-error.js';
export { readChatUsage, readResponsesUsage } from './wire/openai-usage.js';
export { findFailure } from './wire/read-failure.js';
