import type { Issue } from '@baton/core';
import type { Project } from '../project/project.js';

/** An issue, and the project that it is of. */
export interface LocatedIssue {
  readonly project: Project;
  readonly issue: Issue;
}

/** The first project that knows an issue by what a person types; null where none does. `named`: ask that one alone. */
export async function locateIssue(
  projects: readonly Project[],
  reference: string,
  named?: string,
): Promise<LocatedIssue | null> {
  for (const project of projects) {
    if (named !== undefined && project.name !== named) continue;
    const issue = await project.source.find(reference);
    if (issue) return { project, issue };
  }
  return null;
}
