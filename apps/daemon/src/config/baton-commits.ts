import type { Environment } from '../environment/load-environment.js';

/** A commit that Baton made. */
export interface BatonCommit {
  readonly id: string;
  /** Its first line. */
  readonly subject: string;
}

/** How Baton signs a commit, and the texts that a host makes a squashed one's message of. */
const signatures = /^Baton-Job: |^Co-authored-by: .*<baton@localhost>|<!-- baton:/im;
const authorEmail = 'baton@localhost';

/**
 * The commits of Baton's own that touched a file, in the checkout that it lies in; none where it lies in none. Rejects
 * with what git said where git can't tell.
 */
export async function listBatonCommits(file: string, environment: Environment): Promise<readonly BatonCommit[]> {
  // Loaded here, because git is asked only where the file is another one than was used last.
  const { listFileCommits } = await import('@baton/git-worktree');
  const commits = (await listFileCommits(file, environment)) ?? [];
  return commits.flatMap(({ id, emails, message }) => {
    const isOwn = emails.includes(authorEmail) || signatures.test(message);
    return isOwn ? [{ id, subject: message.split('\n')[0] ?? '' }] : [];
  });
}
