import type { SimulationReport } from '../simulate.js';

/** What happened, a line each: at which call, who, what; then which promise was broken. */
export function describeStory({ seed, story, violations, steps }: SimulationReport): string {
  const width = String(steps).length;
  const at = (step: number): string => String(step).padStart(width);
  return [
    `seed ${seed}, ${steps} steps`,
    ...story.map(({ step, who, words }) => `${at(step)}  ${who}: ${words}`),
    ...violations.map(({ step, invariant, words }) => `${at(step)}  broken: ${invariant}. ${words}`),
  ].join('\n');
}
