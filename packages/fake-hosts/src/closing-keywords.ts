/** An issue that a text closes once it is merged. */
export interface ClosedIssue {
  /** `owner/name` as it is written there; null: the same repository. */
  readonly place: string | null;
  readonly number: number;
}

const place = String.raw`[\w.-]+(?:/[\w.-]+)+`;
const link = String.raw`https?://[^\s/]+/${place}/(?:-/)?(?:issues|pull|work_items)/\d+`;

const githubKeyword = new RegExp(
  String.raw`\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:((?:${place})?#\d+)|(GH-\d+)|(${link}))`,
  'gi',
);

/** As https://docs.github.com/en/issues/tracking-your-work-with-issues/linking-a-pull-request-to-an-issue has it. */
export function closedOnGithub(text: string): readonly ClosedIssue[] {
  return [...text.matchAll(githubKeyword)].map(([, reference, short, address]) =>
    readReference(reference ?? short ?? address ?? ''),
  );
}

const gitlabReference = `(?:(?:${place})?#\\d+|${link})`;
const gitlabKeyword = new RegExp(
  String.raw`\b((?:[Cc]los(?:e[sd]?|ing)|\b[Ff]ix(?:e[sd]|ing)?|\b[Rr]esolv(?:e[sd]?|ing)|\b[Ii]mplement(?:s|ed|ing)?)(:?) +(?:(?:issues? +)?${gitlabReference}(?:(?: *,? +and +| *,? *)?)|([A-Z][A-Z0-9_]+-\d+))+)`,
  'g',
);

/** As https://docs.gitlab.com/administration/issue_closing_pattern/ has it: one word closes a whole list. */
export function closedOnGitlab(text: string): readonly ClosedIssue[] {
  return [...text.matchAll(gitlabKeyword)].flatMap(([sentence]) =>
    [...sentence.matchAll(new RegExp(`${gitlabReference}|[A-Z][A-Z0-9_]+-\\d+`, 'g'))].map(([found]) =>
      readReference(found),
    ),
  );
}

/** Numbers of the issues of `repository` among them. */
export function numbersIn(repository: string, closed: readonly ClosedIssue[]): readonly number[] {
  return closed.flatMap((each) =>
    each.place === null || each.place.toLowerCase() === repository.toLowerCase() ? [each.number] : [],
  );
}

function readReference(text: string): ClosedIssue {
  const number = Number(/\d+$/.exec(text)?.[0]);
  const address = /^https?:\/\/[^/]+\/(.+?)(?:\/-)?\/(?:issues|pull|work_items)\/\d+$/.exec(text)?.[1];
  const named = /^([^#]+)#/.exec(text)?.[1];
  const tracker = /^(?!GH-)[A-Z][A-Z0-9_]+(?=-\d+$)/.exec(text)?.[0];
  return { place: address ?? named ?? tracker ?? null, number };
}
