import { type ContractSuite, defineContract } from './contract.js';
import { composeCases } from './workspace-contract/compose-cases.js';
import { fileCases } from './workspace-contract/file-cases.js';
import { keptCases } from './workspace-contract/kept-cases.js';
import { lifeCases } from './workspace-contract/life-cases.js';
import { refCases } from './workspace-contract/ref-cases.js';
import { remoteCases } from './workspace-contract/remote-cases.js';
import { removeCases } from './workspace-contract/remove-cases.js';
import { renewCases } from './workspace-contract/renew-cases.js';
import type { WorkspaceRig } from './workspace-contract/rig.js';
import { snapshotCases } from './workspace-contract/snapshot-cases.js';

/** Everything that `WorkspaceProvider` and `Workspace` promise. */
export const workspaceContract: ContractSuite<WorkspaceRig> = defineContract('workspace', [
  ...lifeCases,
  ...removeCases,
  ...fileCases,
  ...snapshotCases,
  ...remoteCases,
  ...refCases,
  ...renewCases,
  ...composeCases,
  ...keptCases,
]);
