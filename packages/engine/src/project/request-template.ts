/** An operator's own form of what a pull request says: its title, or what stands below its text. */
export interface RequestTemplate {
  /** `title`: as it would be without a template. `key`: of the issue, as its tracker writes it. */
  render(variables: { readonly title: string; readonly key: string }): string;
}
