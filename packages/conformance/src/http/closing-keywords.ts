/**
 * Numbers of the issues of `repository` that a merge closes, by the words `Closes`, `Fixes`, `Resolves` and their
 * forms before `#12` or `owner/name#12`: as GitHub and GitLab both document it.
 */
export function closedByMerge(body: string, repository: string): readonly number[] {
  const found = body.matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+([\w.-]+(?:\/[\w.-]+)+)?#(\d+)\b/gi);
  return [...found].flatMap(([, place, number]) =>
    place === undefined || place.toLowerCase() === repository.toLowerCase() ? [Number(number)] : [],
  );
}
