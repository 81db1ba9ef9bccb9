export type { CommandAgentOptions } from './command-agent.js';
export { createCommandAgent } from './command-agent.js';
export { commandAgentPackage } from './command-agent-package.js';
export type { Script, ScriptedStep } from './script.js';
export type { ScriptedAgentOptions } from './scripted-agent.js';
export { createScriptedAgent } from './scripted-agent.js';
export { scriptedAgentPackage } from './scripted-agent-package.js';
