export type { OpenAiAgentOptions } from './api/agent.js';
export { createOpenAiAgent } from './api/agent.js';
export { openaiPackage } from './api/package.js';
export type { CodexAgentOptions } from './codex/agent.js';
export { createCodexAgent } from './codex/agent.js';
export { codexPackage } from './codex/package.js';
