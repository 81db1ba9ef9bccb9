import type { Clock, Issue } from '@baton/core';
import type { GitlabIssue } from '../host/shapes.js';

/** What GitLab told of issues a moment ago, so that one call of a contract needn't ask again what the one before it was told. */
export interface RecentIssues {
  /** `isFirst`: `get` read it, and nothing was done with it yet. */
  note(issue: GitlabIssue, isFirst: boolean): void;
  get(iid: number): GitlabIssue | null;
  /** The one that `get` read, told once: a second brief is a second look. */
  takeFirst(iid: number): GitlabIssue | null;
  /** It is being changed. */
  forget(iid: number): void;
  noteBlockers(iid: number, blockers: Issue['blockedBy']): void;
  blockers(iid: number): Issue['blockedBy'] | null;
}

const mostKnown = 100;
const knownForMs = 5_000;

/** Does no input or output. */
export function createRecentIssues(clock: Clock): RecentIssues {
  const issues = createRecent<{ readonly issue: GitlabIssue; readonly isFirst: boolean }>(clock);
  const blockers = createRecent<Issue['blockedBy']>(clock);
  return {
    note: (issue, isFirst) => issues.set(issue.iid, { issue, isFirst }),
    get: (iid) => issues.get(iid)?.issue ?? null,
    takeFirst(iid) {
      const known = issues.get(iid);
      if (known?.isFirst !== true) return null;
      issues.keep(iid, { ...known, isFirst: false });
      return known.issue;
    },
    forget: issues.forget,
    noteBlockers: blockers.set,
    blockers: blockers.get,
  };
}

function createRecent<Value>(clock: Clock) {
  const kept = new Map<number, { readonly at: number; readonly value: Value }>();
  return {
    get(iid: number): Value | null {
      const known = kept.get(iid);
      return known && clock.monotonic() - known.at < knownForMs ? known.value : null;
    },
    set(iid: number, value: Value): void {
      kept.delete(iid);
      kept.set(iid, { at: clock.monotonic(), value });
      const [oldest] = kept.keys();
      if (kept.size > mostKnown && oldest !== undefined) kept.delete(oldest);
    },
    /** In its place, as old as it was. */
    keep(iid: number, value: Value): void {
      const known = kept.get(iid);
      if (known) kept.set(iid, { ...known, value });
    },
    forget: (iid: number) => void kept.delete(iid),
  };
}
