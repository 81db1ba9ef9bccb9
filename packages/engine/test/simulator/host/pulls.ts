import type { MemoryPull } from '@baton/memory';
import type { Choices } from '../choices.js';
import type { World } from '../world.js';
import type { Host, MergeManner } from './host.js';
import { changeIssue } from './issues.js';

/** A pull request, and where it stands. */
export interface FoundPull {
  readonly host: Host;
  readonly pull: MemoryPull;
  readonly number: number;
}

/** Every open one. */
export function openPulls(world: World): readonly FoundPull[] {
  return world.hosts.flatMap((host) =>
    host.forge
      .pulls()
      .filter(({ pullRequest }) => pullRequest.state.unified === 'open')
      .map((pull) => ({ host, pull, number: pull.pullRequest.number })),
  );
}

/** Any open one. */
export function pickPull(world: World, choose: Choices): FoundPull | null {
  return choose.pick(openPulls(world));
}

/** The key of the issue that Baton made a pull request for. Null where it made none of it. */
export function issueOf({ body }: Pick<MemoryPull, 'body'>): string | null {
  return /^Closes (\S+)$/m.exec(body)?.[1] ?? null;
}

/** Merges as the host does. False where the host wouldn't. */
export function mergePull(
  world: World,
  { host, pull, number }: FoundPull,
  manner: MergeManner = 'and closes the issue',
): boolean {
  const { base, head, headCommit } = pull.pullRequest;
  if (!host.remote.branches.has(base) || !host.remote.commits.has(headCommit)) return false;
  const issue = host.issues.find(({ key }) => key === issueOf(pull));
  const keepsIssue = manner === 'and deletes the branch';
  const merge = (): void => {
    host.forge.merge(number);
    if (keepsIssue && issue && host.source.read(issue.id)) host.source.reopenIssue(issue.id);
  };
  if (issue && host.source.read(issue.id)) {
    changeIssue(world, { host, issue }, merge);
    world.note({ kind: 'merged', host, issue: issue.key, branch: head });
  } else if (issue) return false;
  else merge();
  if (keepsIssue) {
    host.remote.branches.delete(head);
    world.note({ kind: 'branch-gone', host, branch: head });
  }
  return true;
}
