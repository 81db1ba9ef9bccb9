export type { AcpAgentOptions } from './acp-agent.js';
export { createAcpAgent } from './acp-agent.js';
export { acpPackage } from './acp-package.js';
export type { AcpProgram } from './agent-launch.js';
export type { AcpPresetName } from './presets.js';
