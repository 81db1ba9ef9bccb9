import type { Issue } from '@baton/core';
import type { Choices } from '../choices.js';
import type { World } from '../world.js';
import type { Host } from './host.js';

/** An issue, and where it stands. */
export interface FoundIssue {
  readonly host: Host;
  readonly issue: Issue;
}

/** Any issue that is still there. */
export function pickIssue({ hosts }: World, choose: Choices): FoundIssue | null {
  return choose.pick(
    hosts.flatMap((host) =>
      host.issues.flatMap(({ id }) => {
        const issue = host.source.read(id);
        return issue ? [{ host, issue }] : [];
      }),
    ),
  );
}

/** Whether people want it worked: open, handed over, and not held back. */
export function isWanted(issue: Issue | null): boolean {
  return (
    issue !== null && issue.state.unified === 'open' && issue.labels.includes('baton') && !issue.labels.includes('wip')
  );
}

/** Changes an issue, and notes whether it is wanted more or less thereby. */
export function changeIssue(world: World, { host, issue }: FoundIssue, change: () => void): void {
  const before = isWanted(host.source.read(issue.id));
  change();
  const after = isWanted(host.source.read(issue.id));
  if (before !== after) world.note({ kind: after ? 'wanted-again' : 'unwanted', host, issue: issue.key });
}
