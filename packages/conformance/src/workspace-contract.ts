import { type ContractSuite, defineContract } from './contract.js';
import { composeCases } from './workspace-contract/compose-cases.js';
import { fileCases } from './workspace-contract/file-cases.js';
import { gitCases } from './workspace-contract/git-cases.js';
import { lifeCases } from './workspace-contract/life-cases.js';
import { renewCases } from './workspace-contract/renew-cases.js';
import type { WorkspaceRig } from './workspace-contract/rig.js';

/** Everything that `WorkspaceProvider` and `Workspace` promise. */
export const workspaceContract: ContractSuite<WorkspaceRig> = defineContract('workspace', [
  ...lifeCases,
  ...fileCases,
  ...gitCases,
  ...renewCases,
  ...composeCases,
]);
