export type {
  AdapterChoice,
  CheckCommand,
  Config,
  ProjectAgentChoice,
  ProjectConfig,
  SandboxMode,
} from './config/config.js';
export type { ConfigDocument, Position } from './config/config-document.js';
export type { ConfigProblem, KeyPath } from './config/config-problem.js';
export { configJsonSchema } from './config/json-schema.js';
export type { LoadConfigRequest } from './config/load-config.js';
export { loadConfig } from './config/load-config.js';
export type { Environment } from './environment/load-environment.js';
