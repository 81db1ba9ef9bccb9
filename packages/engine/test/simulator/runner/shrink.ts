import { type SimulationOptions, type SimulationReport, simulate } from '../simulate.js';

/** A failed run without what it fails without as well. */
export interface Shrunk {
  readonly report: SimulationReport;
  /** How many deeds the story had, and has. */
  readonly before: number;
  readonly after: number;
  /** Deeds that are left away, by id. */
  readonly without: readonly number[];
}

const mostTries = 400;

/**
 * Leaves deeds of a failed run away, many at once and then one by one, as long as the same promise is broken. Deeds
 * draw nothing from one another, so that those which are left do what they did.
 */
export async function shrink(options: SimulationOptions, failed: SimulationReport): Promise<Shrunk> {
  const wanted = failed.violations[0]?.invariant;
  let best = failed;
  let without = new Set(options.without);
  let tries = 0;
  const attempt = async (more: readonly number[]): Promise<boolean> => {
    tries += 1;
    const fewer = new Set([...without, ...more]);
    const report = await simulate({ ...options, without: fewer });
    if (report.violations[0]?.invariant !== wanted) return false;
    best = report;
    without = fewer;
    return true;
  };
  const planned = failed.plan.map(({ id }) => id).filter((id) => !without.has(id));
  for (let size = Math.ceil(planned.length / 2); size >= 1 && tries < mostTries; ) {
    let isSmaller = false;
    for (let first = 0; first < planned.length && tries < mostTries; first += size) {
      const chunk = planned.slice(first, first + size).filter((id) => !without.has(id));
      if (chunk.length > 0 && (await attempt(chunk))) isSmaller = true;
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (!isSmaller) break;
  }
  const after = planned.filter((id) => !without.has(id)).length;
  return { report: best, before: planned.length, after, without: [...without] };
}
