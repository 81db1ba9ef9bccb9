export type { ClaudeAgentOptions } from './api/agent.js';
export { createClaudeAgent } from './api/agent.js';
export { claudePackage } from './api/package.js';
export type { ClaudeCodeAgentOptions } from './claude-code/agent.js';
export { createClaudeCodeAgent } from './claude-code/agent.js';
export { claudeCodePackage } from './claude-code/package.js';
