/** The first seven digits, as people quote commits. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}
