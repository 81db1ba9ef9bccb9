/**
 * GitLab takes a line that begins with `/close` or the like for a command to itself. A backslash before the
 * slash makes it text, which Markdown shows without the backslash.
 */
export function escapeQuickActions(text: string): string {
  return text.replace(/(^|[\r\n])([^\S\r\n]*)\//g, '$1$2\\/');
}

/** Whether GitLab holds the text already: it ends lines and texts in its own way. */
export function isSameText(left: string, right: string): boolean {
  const normal = (text: string): string => text.replace(/\r\n?/g, '\n').trimEnd();
  return normal(left) === normal(right);
}
