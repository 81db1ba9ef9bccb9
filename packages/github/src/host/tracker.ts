/** The issues of a repository, by the name that it is configured with: GitHub takes any case of it. */
export function trackerOf(baseUrl: string, fullName: string): string {
  return `${new URL(baseUrl).host}/${fullName}`.toLowerCase();
}
