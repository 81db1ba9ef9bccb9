export type { AllowedHosts } from './allowed-hosts.js';
export { createAllowedHosts, findHostFault } from './allowed-hosts.js';
export type { BubblewrapSandboxOptions } from './bubblewrap-sandbox.js';
export { createBubblewrapSandbox } from './bubblewrap-sandbox.js';
export type { Endpoint, Host } from './endpoint.js';
