/** The issues of a project, by the name or id that it is configured with: GitLab takes any case of a name. */
export function trackerOf(baseUrl: string, project: string): string {
  return `${baseUrl.replace(/^https?:\/\//, '')}/${project}`.toLowerCase();
}
