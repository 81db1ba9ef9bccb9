import { type ContractSuite, defineContract } from './contract.js';
import { capCases } from './job-store/cap-cases.js';
import { claimCases } from './job-store/claim-cases.js';
import { enqueueCases } from './job-store/enqueue-cases.js';
import { holdCases } from './job-store/hold-cases.js';
import { leaseCases } from './job-store/lease-cases.js';
import { ledgerCases } from './job-store/ledger-cases.js';
import { readingCases } from './job-store/reading-cases.js';
import { recordCases } from './job-store/record-cases.js';
import type { JobStoreRig } from './job-store/rig.js';
import { signalCases } from './job-store/signal-cases.js';

/** What every job store keeps to, wherever it keeps it. */
export const jobStoreContract: ContractSuite<JobStoreRig> = defineContract<JobStoreRig>('job-store', [
  ...enqueueCases,
  ...claimCases,
  ...capCases,
  ...leaseCases,
  ...holdCases,
  ...recordCases,
  ...signalCases,
  ...ledgerCases,
  ...readingCases,
]);
