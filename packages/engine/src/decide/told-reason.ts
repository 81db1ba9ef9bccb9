import type { FoldedJob } from '../job/job-data.js';

/** Why a job is where it is, for people: what it waits for or ended by, and what its pull request lacks as it stands. */
export function toldReason({ phase, data }: FoldedJob): string | null {
  const conflict = phase === 'reviewing' && data.conflicted;
  const told = [data.reason, conflict ? 'It conflicts with its base branch, which a person has to resolve.' : null];
  const sentences = told.filter((each) => each !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}
