export type { AcpAgentOptions } from './agent.js';
export { createAcpAgent } from './agent.js';
export type { AcpProgram } from './command.js';
export { acpPackage } from './package.js';
export type { AcpPresetName } from './presets.js';
