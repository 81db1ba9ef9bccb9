import type { StepContext } from '../job/step-context.js';
import type { HouseStyle } from '../text/house-style.js';
import { readHouseStyle } from './house-style.js';
import { readPullRequestTemplate } from './pull-request-template.js';

/** How the people of a repository write of their changes, as the job's base has it. */
export interface RepositoryStyle {
  /** Of titles. Null: they follow no rule. */
  readonly titles: HouseStyle | null;
  /** What a pull request is to say. Null: it is left to whoever opens it. */
  readonly template: string | null;
}

/** The same for the same base. Rejects where it can't be read for now. */
export async function readRepositoryStyle(context: StepContext): Promise<RepositoryStyle> {
  return { titles: await readHouseStyle(context), template: await readPullRequestTemplate(context) };
}
