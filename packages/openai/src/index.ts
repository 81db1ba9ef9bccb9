export type { CodexAgentOptions } from './codex-agent.js';
export { createCodexAgent } from './codex-agent.js';
export { codexPackage } from './codex-package.js';
export type { OpenAiAgentOptions } from './openai-agent.js';
export { createOpenAiAgent } from './openai-agent.js';
export { openaiPackage } from './openai-package.js';
