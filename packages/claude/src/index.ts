export type { ClaudeAgentOptions } from './claude-agent.js';
export { createClaudeAgent } from './claude-agent.js';
export type { ClaudeCodeAgentOptions } from './claude-code-agent.js';
export { createClaudeCodeAgent } from './claude-code-agent.js';
export { claudeCodePackage } from './claude-code-package.js';
export { claudePackage } from './claude-package.js';
