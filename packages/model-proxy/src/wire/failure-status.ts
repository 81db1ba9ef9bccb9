/** What the words of a failure would have had as their status. */
const statuses: readonly (readonly [RegExp, number])[] = [
  [/authentication|invalid_api_key|unauthenticated/i, 401],
  [/permission|forbidden/i, 403],
  [/not_?found/i, 404],
  [/rate_?limit|too_?many_?requests|resource_exhausted/i, 429],
  [/overloaded|unavailable/i, 503],
  [/server_?error|internal/i, 500],
  [/invalid_?request|bad_?request|invalid_argument/i, 400],
];

/**
 * The status of a failure that was told inside an answer which had begun well, by the provider's word for it, such as
 * `rate_limit_exceeded`, or by the status itself, which gateways put there. Null: it isn't known.
 */
export function mapFailureStatus(word: string): number | null {
  if (/^[45]\d\d$/.test(word)) return Number(word);
  return statuses.find(([each]) => each.test(word))?.[1] ?? null;
}
