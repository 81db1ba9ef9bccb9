import type { BrokenProject } from '../config/config.js';
import { CommandError } from '../verb/command-error.js';
import { formatFailure, type Output } from '../verb/output.js';

/** Says which projects are not in order, and `what` becomes of that: `it is left out`. */
export function tellLeftOut(leftOut: readonly BrokenProject[], what: string, output: Output): void {
  for (const { name, problem } of leftOut) {
    const said = `the project ${name} is not in order, and ${what}: ${problem.message}`;
    output.tell(
      `${output.colours.yellow('warning:')} ${formatFailure(said, problem.fix ?? 'run baton config validate')}`,
    );
  }
}

/** Throws where a project is one of those. */
export function refuseLeftOut(leftOut: readonly BrokenProject[], project: string | undefined): void {
  const found = leftOut.find(({ name }) => name === project);
  if (found === undefined) return;
  throw new CommandError(`The project ${found.name} is not in order: ${found.problem.message}`, {
    code: 'CONFIG_INVALID',
    exit: 'usage',
    fix: found.problem.fix ?? 'run baton config validate',
  });
}
