import type { ContractSuite, Rig } from '@baton/conformance';

/** The ids of those of some cases that a rig fails, in the order of the suite. */
export async function failedCases<R extends Rig>(
  suite: ContractSuite<R>,
  createRig: () => R,
  wanted: RegExp | readonly string[],
): Promise<readonly string[]> {
  const cases: { readonly id: string; readonly run: () => Promise<void> }[] = [];
  suite(
    (name, body) => cases.push({ id: name.replace(/^[^:]*: /, ''), run: () => body({ skip: () => undefined }) }),
    async () => createRig(),
  );
  const failed: string[] = [];
  for (const { id, run } of cases) {
    if (wanted instanceof RegExp ? !wanted.test(id) : !wanted.includes(id)) continue;
    await run().catch(() => failed.push(id));
  }
  return failed;
}
