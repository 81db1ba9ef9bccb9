import type { CallOptions, Issue, Job, PullRequest, RefClaim } from '@baton/core';
import { whyEndedBefore } from '../branches/earlier-life.js';
import { readOwnHistory } from '../branches/own-branch.js';
import { listClaimRefs, readStandingClaim } from '../branches/standing-claims.js';
import { explainIssue } from './explain-issue.js';
import { dedupeKey, type IntakePorts, takeIn } from './intake.js';

/** What becomes of an issue that this store has no job for, by what an earlier life of Baton's left of it. */
export type Leftover =
  /** Its pull request holds Baton's commits alone: its reviewers are heard, and rounds go on top of it. */
  | { readonly kind: 'go-on'; readonly pullRequest: PullRequest; readonly commits: number }
  /** Somebody else has committed to its pull request, or opened it: it is only watched. */
  | { readonly kind: 'watch'; readonly pullRequest: PullRequest }
  /** Baton pushed its branch and never opened a pull request: the branch is judged anew, and handed in. */
  | { readonly kind: 'hand-in'; readonly commits: number }
  /** It is not worked: why, in a sentence. */
  | { readonly kind: 'leave'; readonly reason: string }
  /** Nothing is there: it is worked as any new issue. */
  | { readonly kind: 'begin' };

/** One issue, and what there is of it. */
export interface SurveyedIssue {
  readonly issue: Issue;
  /** Where it is worked, or was. */
  readonly branch: string;
  readonly leftover: Leftover;
  /** What it would wait for first. Null: nothing. */
  readonly waits: string | null;
  /** Who has it among daemons that share no store, be it this one. Null: nobody. */
  readonly claim: (RefClaim & { readonly isOurs: boolean }) | null;
}

/** What earlier lives left of one project. */
export interface Survey {
  readonly project: string;
  /** Issues that match and have no job in this store. */
  readonly issues: readonly SurveyedIssue[];
  /** Issues that match and have one. */
  readonly known: number;
  /** Branches of Baton's naming that belong to none of these issues: they are left as they are. */
  readonly otherBranches: readonly string[];
}

/** Looks at every issue of a project that matches. Reads only. */
export async function surveyProject(ports: IntakePorts, options: CallOptions = {}): Promise<Survey> {
  const { project } = ports;
  const claims = await listClaimRefs(project, options);
  const issues: SurveyedIssue[] = [];
  let known = 0;
  const named = new Set<string>();
  for (let cursor: string | null = null, more = true; more; ) {
    const page = await project.source.poll(project.query, cursor, options);
    more = page.kind === 'changed' && page.more;
    cursor = page.cursor;
    for (const issue of page.kind === 'changed' ? page.issues : []) {
      const { job, branch, verdict } = await explainIssue(ports, issue, options);
      named.add(branch);
      if (job !== null) {
        known += 1;
        continue;
      }
      const leftover: Leftover =
        verdict.kind === 'end'
          ? { kind: 'leave', reason: verdict.reason }
          : await findLeftover(ports, issue, branch, options);
      const standing = await readStandingClaim(ports, claims, dedupeKey(project, issue), options);
      const claim = standing && { ...standing, isOurs: standing.owner === ports.owner };
      issues.push({ issue, branch, leftover, waits: verdict.kind === 'wait' ? verdict.reason : null, claim });
    }
  }
  const standing = (await ports.standing()) ?? new Set<string>();
  const otherBranches = [...standing].filter((branch) => !named.has(branch)).toSorted();
  return { project: project.name, issues, known, otherBranches };
}

/** Stores a job for each issue of a project of which something was left. */
export async function takeUpProject(ports: IntakePorts, options: CallOptions = {}): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const { issue, leftover } of (await surveyProject(ports, options)).issues) {
    const job = leftover.kind === 'begin' ? null : await takeIn(ports, issue, options);
    if (job) jobs.push(job);
  }
  return jobs;
}

async function findLeftover(
  { project, standing, labelPrefix }: IntakePorts,
  issue: Issue,
  branch: string,
  options: CallOptions,
): Promise<Leftover> {
  const found = await project.forge.findPullRequests({ head: branch }, options);
  const open = found.find(({ state }) => state.unified === 'open');
  if (open) {
    const history = await readOwnHistory(project, { branch, onto: open.base }, options);
    return history !== null
      ? { kind: 'go-on', pullRequest: open, commits: history.commits.length }
      : { kind: 'watch', pullRequest: open };
  }
  const ended = whyEndedBefore(project, labelPrefix, issue);
  if (ended !== null) return { kind: 'leave', reason: ended };
  if ((await standing())?.has(branch) !== true) return { kind: 'begin' };
  const onto = await project.forge.defaultBranch(options);
  const history = await readOwnHistory(project, { branch, onto }, options);
  return history === null ? { kind: 'begin' } : { kind: 'hand-in', commits: history.commits.length };
}
