import type { ProtectedKind } from './protected-kind.js';

/** Known by the operator's commands, not by name: see `createKindsOfPath`. */
export const setupScripts: ProtectedKind = {
  what: 'what the configured setup runs, which decides what checks find installed',
  steersChecks: 'by-setup',
  entries: [],
};
