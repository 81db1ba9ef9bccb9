export type { RealAccount, RealHost, RealPlace } from './real-host/real-host.js';
export type { RealGaps } from './real-host/real-rigs.js';
export { keepLabels, runOnRealHost } from './real-host/real-rigs.js';
