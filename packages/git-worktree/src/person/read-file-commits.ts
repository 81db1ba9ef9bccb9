/** A commit that touched a file. */
export interface FileCommit {
  readonly id: string;
  /** Addresses of its author and of its committer. */
  readonly emails: readonly [string, string];
  readonly message: string;
}

/** Reads what `git log -z --format=%H%n%ae%n%ce%n%B` printed. */
export function readFileCommits(stdout: string): readonly FileCommit[] {
  return stdout.split('\0').flatMap((told): readonly FileCommit[] => {
    const [id = '', author = '', committer = '', ...message] = told.split('\n');
    return id === '' ? [] : [{ id, emails: [author, committer], message: message.join('\n') }];
  });
}
