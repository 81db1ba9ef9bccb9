export type { BubblewrapSandboxOptions } from './bubblewrap-sandbox.js';
export { createBubblewrapSandbox } from './bubblewrap-sandbox.js';
