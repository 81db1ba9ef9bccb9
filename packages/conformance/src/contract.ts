/**
 * `it` of vitest, node:test or Bun. The kit itself imports no test runner.
 */
export type TestFunction = (
  name: string,
  body: (context: { skip(reason?: string): unknown }) => Promise<void>,
) => unknown;

/** What every rig has: the world around an adapter, made anew for each case. */
export interface Rig {
  /** Ends everything that the rig began. Called once, whatever became of the case. */
  dispose(): Promise<void>;
}

/** One thing that a contract demands. */
export interface ContractCase<R extends Rig> {
  /** Stable: quoted in issues, in lists of known gaps and in the documentation. */
  readonly id: string;
  /** What must be there for the case to make sense, in words: printed where the case is skipped. */
  readonly requires?: { readonly what: string; readonly holds: (rig: R) => boolean };
  readonly run: (rig: R) => Promise<void>;
}

/** How a suite is run against one adapter. */
export interface ContractOptions {
  /** Case ids that are known to fail, each with the reason. A case that passes all the same fails, so that the list stays true. */
  readonly knownGaps?: Readonly<Record<string, string>>;
}

/** Runs every case of a contract, each against a rig of its own. */
export type ContractSuite<R extends Rig> = (
  test: TestFunction,
  createRig: () => Promise<R>,
  options?: ContractOptions,
) => void;

/** Makes a suite of cases. The ids are prefixed by the contract's name where they are shown. */
export function defineContract<R extends Rig>(name: string, cases: readonly ContractCase<R>[]): ContractSuite<R> {
  const doubled = cases.map((each) => each.id).filter((id, index, ids) => ids.indexOf(id) !== index);
  if (doubled.length > 0) throw new Error(`${name}: the same id for two cases: ${doubled.join(', ')}`);
  return (test, createRig, options) => {
    const gaps = options?.knownGaps ?? {};
    const stray = Object.keys(gaps).filter((id) => !cases.some((each) => each.id === id));
    if (stray.length > 0) throw new Error(`${name}: knownGaps names no case of this contract: ${stray.join(', ')}`);
    for (const each of cases) {
      test(`${name}: ${each.id}`, async (context) => {
        const rig = await createRig();
        try {
          if (each.requires?.holds(rig) === false) {
            context.skip(`needs ${each.requires.what}`);
            return;
          }
          await runCase(each, rig, gaps[each.id]);
        } finally {
          await rig.dispose();
        }
      });
    }
  };
}

async function runCase<R extends Rig>(each: ContractCase<R>, rig: R, gap: string | undefined): Promise<void> {
  if (gap === undefined) return each.run(rig);
  const failed = await each.run(rig).then(
    () => false,
    () => true,
  );
  if (!failed) throw new Error(`${each.id} passes now; take it out of knownGaps (was: ${gap})`);
}
