import type { CallOptions, Issue, IssueSource } from '@baton/core';

/** What people see of a job, as one of Baton's labels without its prefix. */
export type StatusLabel = 'working' | 'review' | 'needs-person' | 'failed' | 'done';

const statusLabels: readonly StatusLabel[] = ['working', 'review', 'needs-person', 'failed', 'done'];

/** One of Baton's labels, as it stands on an issue. */
export function labelName(prefix: string, label: StatusLabel): string {
  return `${prefix}${label}`;
}

/** Whether an issue bears one of Baton's labels. */
export function bearsLabel({ labels }: Pick<Issue, 'labels'>, prefix: string, label: StatusLabel): boolean {
  return labels.includes(labelName(prefix, label));
}

/** Where the labels of an issue stand. */
interface Labelled {
  readonly source: Pick<IssueSource, 'ensureLabels'>;
  readonly issueId: string;
  readonly labelPrefix: string;
}

/** Has an issue bear this one of Baton's labels, and no other of them. Null: none at all. */
export async function showLabel(
  { source, issueId, labelPrefix }: Labelled,
  label: StatusLabel | null,
  options: CallOptions,
): Promise<void> {
  const add = label === null ? [] : [labelName(labelPrefix, label)];
  const remove = statusLabels.filter((each) => each !== label).map((each) => labelName(labelPrefix, each));
  await source.ensureLabels({ issueId, add, remove }, options);
}
