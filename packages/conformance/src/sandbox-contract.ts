import { type ContractSuite, defineContract } from './contract.js';
import { commandCases } from './sandbox-contract/command-cases.js';
import { confinementCases } from './sandbox-contract/confinement-cases.js';
import { overlayCases } from './sandbox-contract/overlay-cases.js';
import { processCases } from './sandbox-contract/process-cases.js';
import { refusalCases } from './sandbox-contract/refusal-cases.js';
import type { SandboxRig } from './sandbox-contract/rig.js';

/** Everything that `Sandbox` promises: to every caller, and beyond that where it measured itself to confine. */
export const sandboxContract: ContractSuite<SandboxRig> = defineContract('sandbox', [
  ...commandCases,
  ...processCases,
  ...confinementCases,
  ...overlayCases,
  ...refusalCases,
]);
