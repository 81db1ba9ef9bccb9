import pMap, { pMapSkip } from 'p-map';

/** Enough to keep a disk or a host busy, few enough for the handles of a process. */
const atOnce = 8;

/** Maps in order, a few at a time. The first failure ends it, once those under way have settled. */
export async function mapFew<Item, Result>(
  items: Iterable<Item>,
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const failures: unknown[] = [];
  const results = await pMap(
    items,
    async (item) => {
      if (failures.length > 0) return pMapSkip;
      try {
        return await map(item);
      } catch (error) {
        failures.push(error);
        return pMapSkip;
      }
    },
    { concurrency: atOnce },
  );
  if (failures.length > 0) throw failures[0];
  return results;
}
