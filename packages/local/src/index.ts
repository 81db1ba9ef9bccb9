export { default } from './adapter.js';
export type { Local, LocalOptions } from './create-local.js';
export { createLocal } from './create-local.js';
