import { messageOf } from '@baton/core';
import { type BasePolicy, type Explanation, type Project, readBasePolicy } from '@baton/engine';

/** Where the policy of a base branch was read: `main@1a2b3c4`. */
export function placeOf({ branch, commit }: Pick<BasePolicy, 'branch' | 'commit'>): string {
  return `${branch}@${commit.slice(0, 7)}`;
}

/** What the base branch of a project's repository asks now, for people and programs, who are also told where it wasn't read. */
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
    const base = await readBasePolicy(project, { signal });
    const { found } = base;
    const place = placeOf(base);
    if (found.kind === 'none') return { state: 'none', source: place, says: [] };
    if (found.kind === 'bad') return { state: 'bad', source: place, says: [found.reason] };
    return { state: 'asks', source: `${found.figures.path} of ${place}`, says: found.figures.summary };
  } catch (error) {
    signal.throwIfAborted();
    return unread(`not read: ${messageOf(error)}`);
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
