import { plural } from '@baton/core';
import type { Leftover, Survey, SurveyedIssue } from '@baton/engine';
import { escapeLine } from '../text/escape-control.js';
import { formatInstant } from '../text/format-instants.js';
import { renderTable } from '../text/render-table.js';

const listedBranches = 20;

function leftoverWords(leftover: Leftover): string {
  switch (leftover.kind) {
    case 'go-on':
      return `goes on with pull request #${leftover.pullRequest.number} and hears its reviewers`;
    case 'watch':
      return `watches pull request #${leftover.pullRequest.number}, which isn't Baton's alone`;
    case 'hand-in':
      return `judges ${plural(leftover.commits, 'commit')} on the branch anew and hands them in`;
    case 'leave':
      return `is not worked: ${escapeLine(leftover.reason)}`;
    case 'begin':
      return 'begins anew: nothing of it is there';
  }
}

function words({ leftover, waits, claim }: SurveyedIssue, now: number): string {
  const theirs =
    claim === null || claim.isOurs
      ? []
      : [`first waits for ${escapeLine(claim.owner)}, which has it until ${formatInstant(claim.until, now)}`];
  const first = waits === null ? [] : [`first waits: ${escapeLine(waits)}`];
  return [leftoverWords(leftover), ...theirs, ...first].join('; ');
}

/** What becomes of each issue, and of what belongs to none. */
export function renderSurveys(surveys: readonly Survey[], now: number, columns: number | null): readonly string[] {
  const rows = surveys.flatMap(({ project, issues }) =>
    issues.map((each) => [project, escapeLine(each.issue.key), escapeLine(each.branch), words(each, now)]),
  );
  const known = surveys.reduce((sum, each) => sum + each.known, 0);
  const others = surveys.flatMap(({ project, otherBranches }) => {
    if (otherBranches.length === 0) return [];
    const shown = otherBranches.slice(0, listedBranches).map(escapeLine).join(', ');
    const rest = otherBranches.length > listedBranches ? ', …' : '';
    const whose =
      otherBranches.length === 1
        ? 'belongs to none of these issues and stays'
        : 'belong to none of these issues and stay';
    return [
      `${project}: ${plural(otherBranches.length, 'branch', 'branches')} ${whose} as ${otherBranches.length === 1 ? 'it is' : 'they are'}: ${shown}${rest}`,
    ];
  });
  return [
    ...(rows.length === 0
      ? ['no issue that matches is unknown to the store']
      : [renderTable([['project', 'issue', 'branch', 'the next start'], ...rows], columns)]),
    ...(known === 0
      ? []
      : [
          `${plural(known, 'issue')} that match${known === 1 ? 'es' : ''} ${known === 1 ? 'has' : 'have'} a job in the store already`,
        ]),
    ...others,
  ];
}

/** As programs are told: one item for each issue. */
export function mapSurveyJson({ project, issues }: Survey): readonly Readonly<Record<string, unknown>>[] {
  return issues.map(({ issue, branch, leftover, waits, claim }) => ({
    project,
    issue: { key: issue.key, title: issue.title, url: issue.url },
    branch,
    action: leftover.kind,
    pullRequest:
      'pullRequest' in leftover ? { number: leftover.pullRequest.number, url: leftover.pullRequest.url } : null,
    commits: 'commits' in leftover ? leftover.commits : null,
    reason: leftover.kind === 'leave' ? leftover.reason : waits,
    claim: claim && { owner: claim.owner, until: new Date(claim.until).toISOString(), isOurs: claim.isOurs },
  }));
}
