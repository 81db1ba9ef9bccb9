/** Files by path that know which of them were written or taken away since they were brought to a tree. */
export class NotedFiles extends Map<string, string> {
  readonly #touched = new Set<string>();

  /** Written or taken away since `forget`, whatever they are now. */
  get touched(): ReadonlySet<string> {
    return this.#touched;
  }

  /** All are as they were brought. */
  forget(): void {
    this.#touched.clear();
  }

  override set(path: string, text: string): this {
    this.#touched.add(path);
    return super.set(path, text);
  }

  override delete(path: string): boolean {
    this.#touched.add(path);
    return super.delete(path);
  }

  override clear(): void {
    for (const path of this.keys()) this.#touched.add(path);
    super.clear();
  }
}
