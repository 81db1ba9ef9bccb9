import { type SimulationOptions, simulate } from './simulate.js';

/** The seeds from `first` up to `last` in which something was broken, until `enough` are found, each with what. */
export async function findBrokenSeeds(
  options: Omit<SimulationOptions, 'seed'>,
  { first = 1, last, enough = 5 }: { readonly first?: number; readonly last: number; readonly enough?: number },
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let seed = first; seed <= last && found.length < enough; seed += 1) {
    const violations = await simulate({ ...options, seed });
    if (violations.length > 0) found.push(`seed ${seed}: ${violations.join('; ')}`);
  }
  return found;
}
