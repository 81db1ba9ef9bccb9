import type { CallOptions, Issue, Runtime } from '@baton/core';
import { bearsLabel, labelName } from '../job/labels.js';
import type { Project } from '../project/project.js';
import { findOthersClaim } from './standing-claims.js';

/** Whose label it would be. */
export interface WorkingLabelPorts {
  readonly project: Pick<Project, 'source' | 'forge' | 'workspaces'>;
  readonly runtime: Pick<Runtime, 'clock'>;
  readonly labelPrefix: string;
  /** By what other daemons know this one. Null: it has no name yet. */
  readonly owner: string | null;
}

/**
 * Takes off the label that says that somebody works on an issue, of which this store has no job at work: not where a
 * daemon on another store has the issue, whose label it is. Whether it did.
 */
export async function freeWorkingLabel(
  { labelPrefix, ...ports }: WorkingLabelPorts,
  issue: Issue,
  dedupeKey: string,
  options: CallOptions = {},
): Promise<boolean> {
  if (!bearsLabel(issue, labelPrefix, 'working')) return false;
  if ((await findOthersClaim(ports, dedupeKey, options)) !== null) return false;
  const remove = [labelName(labelPrefix, 'working')];
  await ports.project.source.ensureLabels({ issueId: issue.id, add: [], remove }, options);
  return true;
}
