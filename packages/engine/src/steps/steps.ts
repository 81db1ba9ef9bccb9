import type { StepName } from '../job/job-data.js';
import type { Step } from '../job/step-context.js';
import { baseline } from './baseline.js';
import { claim } from './claim.js';
import { look } from './look.js';
import { mirror } from './mirror.js';
import { prepare } from './prepare.js';
import { publish } from './publish.js';
import { review } from './review.js';
import { settle } from './settle.js';
import { verify } from './verify.js';
import { work } from './work.js';

/** Every step by its name. */
export const steps: Readonly<Record<StepName, Step>> = {
  claim,
  prepare,
  baseline,
  work,
  verify,
  publish,
  review,
  settle,
  look,
  mirror,
};
