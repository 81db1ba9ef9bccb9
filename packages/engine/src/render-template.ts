import { Liquid } from 'liquidjs';
import commit from './templates/commit.liquid';
import instructions from './templates/instructions.liquid';
import pullRequest from './templates/pull-request.liquid';
import status from './templates/status.liquid';
import task from './templates/task.liquid';

const liquid = new Liquid({ strictVariables: true, strictFilters: true });

const templates = {
  commit: liquid.parse(commit),
  instructions: liquid.parse(instructions),
  'pull-request': liquid.parse(pullRequest),
  status: liquid.parse(status),
  task: liquid.parse(task),
};

/** The texts that Baton writes, each a Liquid template in a file of its own. */
export type TemplateName = keyof typeof templates;

/** Renders a text. A variable that the template names and `variables` lacks is an error, never an empty place. */
export function renderTemplate(name: TemplateName, variables: Readonly<Record<string, unknown>>): string {
  const text: string = liquid.renderSync(templates[name], variables);
  return text.trim();
}
