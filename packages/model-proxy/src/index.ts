export { parseAgentLine } from './agent/parse-agent-line.js';
export { askingInstructions, findQuestion } from './agent/person-question.js';
export {
  type AgentTurnEnd,
  type AgentTurnItem,
  type AgentTurnRequest,
  type RunningAgentTurn,
  runAgentTurn,
} from './agent/run-agent-turn.js';
export { type AgentProcess, type AgentProcessRequest, startAgentProcess } from './agent/start-agent-process.js';
export {
  createModelProxy,
  type ModelChannel,
  type ModelProtocol,
  type ModelProxy,
  type ModelProxyOptions,
} from './proxy/model-proxy.js';
export type { ModelTurn } from './proxy/model-turn.js';
export type { PassedLimit, TurnListener } from './proxy/turn-budget.js';
export { isOfTheJob } from './wire/is-of-the-job.js';
