/** How many requests of one call are under way at once: the gateway has the last word. */
const atOnce = 8;

/** Maps in order, a few at a time. The first failure ends it, once those under way have settled. */
export async function mapFew<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next;
      next += 1;
      // The index is below the length, so there is an item: a hole is as good as undefined.
      await map(items[index] as Item).then(
        (result) => {
          results[index] = result;
        },
        (error: unknown) => {
          failures.push(error);
        },
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
