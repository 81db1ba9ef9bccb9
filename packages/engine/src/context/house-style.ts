import type { StepContext } from '../job/step-context.js';
import { findHouseStyle, type HouseStyle } from '../text/house-style.js';
import { withBase } from '../workspaces/workspaces.js';

/** The newest commits say how a repository titles them now. */
const mostSubjects = 50;

/** How the job's base titles its commits. Null where that follows no rule, or history can't be read. */
export async function readHouseStyle(context: StepContext): Promise<HouseStyle | null> {
  const { base } = context.job().data;
  const { workspaces, forge } = context.project;
  if (base === null || workspaces.readSubjects === undefined) return null;
  const request = { repository: forge.repository, commit: base.commit, most: mostSubjects };
  const { signal } = context;
  return findHouseStyle(
    await withBase(context, base.branch, async () => (await workspaces.readSubjects?.(request, { signal })) ?? []),
  );
}
