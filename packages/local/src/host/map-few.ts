/** How many files are looked at at once: enough to keep a disk busy, few enough for its handles. */
const atOnce = 16;

/** Maps in order, a few at a time. The first failure ends it, once those under way have settled. */
export async function mapFew<Item, Result>(
  items: Iterable<Item>,
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const waiting = [...items].entries();
  const results: Result[] = [];
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failure) return;
      try {
        results[index] = await map(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failure) throw failure.error;
  return results;
}
