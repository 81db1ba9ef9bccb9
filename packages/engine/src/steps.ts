import type { StepName } from './job-data.js';
import type { Step } from './step.js';
import { baseline } from './steps/baseline.js';
import { claim } from './steps/claim.js';
import { look } from './steps/look.js';
import { mirror } from './steps/mirror.js';
import { prepare } from './steps/prepare.js';
import { publish } from './steps/publish.js';
import { review } from './steps/review.js';
import { settle } from './steps/settle.js';
import { verify } from './steps/verify.js';
import { work } from './steps/work.js';

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
