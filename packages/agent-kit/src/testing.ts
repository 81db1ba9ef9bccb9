export { type AgentSettingsRig, agentSettingsContract } from './testing/agent-settings.js';
export type { CollectedTurn } from './testing/collect-turn.js';
export { collectTurn, unlimited } from './testing/collect-turn.js';
export type { OverheardRequests } from './testing/overhear-requests.js';
export { overhearRequests } from './testing/overhear-requests.js';
export type { TestWorkspace, TestWorkspaceOptions } from './testing/test-workspace.js';
export { createTestWorkspace } from './testing/test-workspace.js';
export type { ToldFailureExample } from './testing/told-failures.js';
export { toldFailures, toldFailuresAt, writeTold } from './testing/told-failures.js';
