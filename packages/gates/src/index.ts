export type { ChangePolicyOptions } from './change-policy-gate.js';
export { createChangePolicyGate } from './change-policy-gate.js';
export type { CheckCommand } from './check-command.js';
export type { CheckGateOptions } from './check-gate.js';
export { createCheckGate } from './check-gate.js';
export type { HeldSecret, LeakScannerOptions } from './leak-scanner.js';
export { createLeakScanner } from './leak-scanner.js';
export { defaultProtectedPaths } from './protected-paths.js';
