/** An operator's own form of the titles of pull requests and commits. */
export interface TitleTemplate {
  /** `title`: as it would be without one. `key`: of the issue, as its tracker writes it. */
  render(variables: { readonly title: string; readonly key: string }): string;
}
