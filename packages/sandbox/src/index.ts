export type { BubblewrapSandboxOptions } from './bubblewrap-sandbox.js';
export { createBubblewrapSandbox } from './bubblewrap-sandbox.js';
export type { AllowedHosts } from './network/allowed-hosts.js';
export { createAllowedHosts, findHostFault } from './network/allowed-hosts.js';
export type { Endpoint, Host } from './network/endpoint.js';
