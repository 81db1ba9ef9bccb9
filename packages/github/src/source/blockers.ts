import type { Issue } from '@baton/core';
import type { GithubCall } from '../host/client.js';
import { misshapen } from '../host/map-error.js';
import type { Repository } from '../host/repository.js';
import { type IssueShape, issueShape, repositoryOf } from './map-issue.js';

const mentioned = /^[ \t>*-]*(?:blocked by|depends on|requires):?[ \t]+(.+)$/gim;
// Names no longer than GitHub has them: without an end, a long word is looked through from each of its points.
const reference = /(?:\b([\w.-]{1,39}\/[\w.-]{1,100}))?#(\d{1,9})\b/y;
const between = /(?:[ \t]*[,;&][ \t]*|[ \t]+)(?:and[ \t]+)?/y;
/** What may follow the last one, blanks around it left out: a full stop, and a remark in brackets. */
const after = /^(?:\([^()]*\)\s*)?[.;,]?$/;
const mostMentioned = 20;

/**
 * Issues that the text says come first: lines such as `Blocked by #12, acme/api#3 and #4 (the new endpoint)`, which name
 * issues and say nothing else. In any other sentence a number may be a colour, or a blocker that is gone. At most twenty.
 */
export function mentionedBlockers(body: string, fullName: string): readonly { repository: string; number: number }[] {
  // What is commented out or quoted as code asks nothing.
  const text = body.replace(/<!--[\s\S]*?(?:-->|$)/g, '').replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
  const found = new Map<string, { repository: string; number: number }>();
  for (const [, list = ''] of text.matchAll(mentioned)) {
    for (const { repository = fullName, number } of readList(list)) {
      found.set(`${repository}#${number}`, { repository, number });
    }
  }
  return [...found.values()].slice(0, mostMentioned);
}

/** The references that a line consists of. None where it holds anything else. */
function readList(line: string): readonly { readonly repository: string | undefined; readonly number: number }[] {
  const found: { readonly repository: string | undefined; readonly number: number }[] = [];
  let at = 0;
  for (let end = 0; ; ) {
    reference.lastIndex = at;
    const [, repository, number] = reference.exec(line) ?? [];
    if (number === undefined) return endsWell(line, end) ? found : [];
    found.push({ repository, number: Number(number) });
    end = reference.lastIndex;
    between.lastIndex = end;
    if (!between.test(line)) return endsWell(line, end) ? found : [];
    at = between.lastIndex;
  }
}

function endsWell(line: string, from: number): boolean {
  return after.test(line.slice(from).trim());
}

/** What blocks an issue: the dependencies that GitHub keeps, and those that its text names. */
export async function listBlockers(
  repository: Repository,
  issue: IssueShape,
  call: Omit<GithubCall, 'what'>,
): Promise<Issue['blockedBy']> {
  const { client, at, fullName } = repository;
  const what = `read what blocks ${fullName}#${issue.number}`;
  const found = new Map<string, boolean>();
  if ((issue.issue_dependencies_summary?.total_blocked_by ?? 0) > 0) {
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by';
    for (const each of await client.list(route, { ...at, issue_number: issue.number }, { ...call, what })) {
      const blocker = issueShape.safeParse(each);
      if (!blocker.success) throw misshapen(what, 'no issue');
      found.set(`${repositoryOf(blocker.data)}#${blocker.data.number}`, blocker.data.state === 'open');
    }
  }
  for (const { repository: name, number } of mentionedBlockers(issue.body ?? '', fullName)) {
    const key = `${name}#${number}`;
    if (found.has(key) || key.toLowerCase() === `${fullName}#${issue.number}`.toLowerCase()) continue;
    const [owner, repo] = name.split('/');
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
    const blocker = await client.get(route, { owner, repo, issue_number: number }, issueShape, { ...call, what });
    // Here a number without an issue is one of something else, such as a discussion.
    if (blocker === null && name.toLowerCase() === fullName.toLowerCase()) continue;
    // One elsewhere that we can't see can't be known to have ended: a person takes the line out.
    found.set(key, blocker?.state !== 'closed');
  }
  return [...found].map(([key, open]) => ({ key, open }));
}
