export type { PassedLimit, TurnListener } from './meter.js';
export type { ModelChannel, ModelProtocol, ModelProxy, ModelProxyOptions } from './model-proxy.js';
export { createModelProxy } from './model-proxy.js';
export type { ModelTurn } from './model-turn.js';
export { askingInstructions, findQuestion } from './person-question.js';
export type { AgentTurnEnd, AgentTurnItem, AgentTurnRequest, RunningAgentTurn } from './run-agent-turn.js';
export { runAgentTurn } from './run-agent-turn.js';
export type { AgentProcess, AgentProcessRequest } from './start-agent-process.js';
export { startAgentProcess } from './start-agent-process.js';
