import type { CallOptions } from '@baton/core';
import { type Explanation, type FoundPolicy, type Project, readPolicy } from '@baton/engine';

/** What the base branch of a project's repository asks now. */
export interface BasePolicy {
  /** `main@1a2b3c4`. */
  readonly place: string;
  readonly commit: string;
  readonly found: FoundPolicy;
}

/** Fetches the base branch and reads it there. Rejects where the repository can't be reached. */
export async function readBasePolicy(project: Project, call: CallOptions): Promise<BasePolicy> {
  const { forge, workspaces } = project;
  const branch = await forge.defaultBranch(call);
  const remote = await forge.remote(call);
  const { repository } = forge;
  const commit = await workspaces.fetch({ repository, remote, branch, readableBy: 'commands' }, call);
  return {
    place: `${branch}@${commit.slice(0, 7)}`,
    commit,
    found: await readPolicy(project, { branch, commit }, call),
  };
}

/** The same for people and programs, who are also told where it wasn't read. */
export interface ToldPolicy {
  /** `none`: the repository asks nothing. `bad`: a job of it waits for a person. `unread`: not known now. */
  readonly state: 'none' | 'asks' | 'bad' | 'unread';
  /** `.baton.yaml of main@1a2b3c4`, or why it is unknown. */
  readonly source: string;
  /** What it asks, a line each; of a bad one, why it can't be followed. */
  readonly says: readonly string[];
}

/** Never rejects but for an abort: what can't be read is told. `fetched`: whether the repository is on this machine. */
export async function tellPolicy(project: Project, fetched: boolean, signal: AbortSignal): Promise<ToldPolicy> {
  const unread = (source: string): ToldPolicy => ({ state: 'unread', source, says: [] });
  if (!fetched) return unread('read once the repository is fetched, when the first job begins');
  try {
    const { place, found } = await readBasePolicy(project, { signal });
    if (found.kind === 'none') return { state: 'none', source: place, says: [] };
    if (found.kind === 'bad') return { state: 'bad', source: place, says: [found.reason] };
    return { state: 'asks', source: `${found.figures.path} of ${place}`, says: found.figures.summary };
  } catch (error) {
    signal.throwIfAborted();
    return unread(`not read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What becomes of an issue where its repository asks what can't be followed: a job would begin, and wait for a person. */
export function judgeWithPolicy(explanation: Explanation, policy: ToldPolicy | null): Explanation {
  if (policy?.state !== 'bad' || !wouldBegin(explanation)) return explanation;
  const { checks } = explanation.verdict;
  const verdict = { kind: 'wait', wait: 'needs-person', until: null, reason: policy.says.join(' '), checks } as const;
  return { ...explanation, verdict };
}

/** Whether a job would read the policy: one that goes on has read it, from the base that it began on. */
export function wouldBegin({ job, verdict }: Explanation): boolean {
  return verdict.kind === 'run' && (job === null || job.phase === 'queued');
}
