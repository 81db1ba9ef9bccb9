import type { ProtectedKind } from './protected-kind.js';

/** Known by the operator's commands, not by name: see `createKindsOfPath`. */
export const checkScripts: ProtectedKind = {
  what: 'what a configured check runs, which decides what is green',
  steersChecks: 'by-file',
  entries: [],
};
