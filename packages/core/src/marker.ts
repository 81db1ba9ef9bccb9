/**
 * Hidden lines by which Baton finds its own texts again. They count only in what Baton's own account wrote:
 * anybody can type one.
 */

/** The marker of one of Baton's comments. `topic` is kebab-case. */
export function topicMarker(topic: string): string {
  return `<!-- baton:topic=${topic} -->`;
}

/** The marker of a job's pull request. */
export function jobMarker(jobId: string): string {
  return `<!-- baton:job=${jobId} -->`;
}

/** The topic that a comment's body was marked with, or null. */
export function topicOf(body: string): string | null {
  return /<!-- baton:topic=([a-z0-9-]+) -->/.exec(body)?.[1] ?? null;
}

/** The job that a pull request's body was marked with, or null. */
export function jobOf(body: string): string | null {
  return /<!-- baton:job=([a-z0-9-]+) -->/.exec(body)?.[1] ?? null;
}
