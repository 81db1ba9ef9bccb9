import type { Job } from '@baton/core';
import { viewJob } from '@baton/engine';

/** A URL without what points into the page. */
function pageOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url === null ? text : `${url.origin}${url.pathname.replace(/\/$/, '')}`.toLowerCase();
}

/** `38`, `#38`, `local:38`, or the file of an issue by its path: the number that is meant. */
function numberOf(typed: string): number | null {
  const digits =
    /^(?:local[:#]|#)?(\d{1,9})$/i.exec(typed) ?? /(?:^|[\\/])issues[\\/](\d{1,9})(?!\d)[^\\/]*\.md$/i.exec(typed);
  return digits?.[1] === undefined ? null : Number(digits[1]);
}

/**
 * Whether a person who types this means the issue of a job, as far as the job tells: in every form that a source takes
 * (`412`, `#412`, `owner/repo#412`, a URL, `local:0001`, a file), and without one being asked. `web#77` means 77 of
 * the project `web`.
 */
export function matchReference(typed: string): (job: Job) => boolean {
  const means = (reference: string, job: Job): boolean => {
    const { url } = viewJob(job).issue;
    if (reference.toLowerCase() === job.issueKey.toLowerCase()) return true;
    if (url !== null && pageOf(reference) === pageOf(url)) return true;
    const number = /^(?:local:|.*#)(\d+)$/.exec(job.issueKey)?.[1];
    return number !== undefined && numberOf(reference) === Number(number);
  };
  const reference = typed.trim();
  return (job) =>
    means(reference, job) ||
    (reference.startsWith(`${job.project}#`) && means(reference.slice(job.project.length + 1), job));
}
