import { Liquid } from 'liquidjs';
import commit from './templates/commit.liquid';
import instructions from './templates/instructions.liquid';
import pullRequest from './templates/pull-request.liquid';
import status from './templates/status.liquid';
import task from './templates/task.liquid';

const templates = { commit, instructions, 'pull-request': pullRequest, status, task };

/** The texts that Baton writes, each a Liquid template in a file of its own. */
export type TemplateName = keyof typeof templates;

// The locale is said, so that Liquid doesn't ask the machine: the answer costs tens of milliseconds, and dates aren't
// formatted here. A template is parsed when it is needed first: most processes write none.
const liquid = new Liquid({ locale: 'en-US', strictVariables: true, strictFilters: true, templates, cache: true });

/** Renders a text. A variable that the template names and `variables` lacks is an error, never an empty place. */
export function renderTemplate(name: TemplateName, variables: Readonly<Record<string, unknown>>): string {
  const text: string = liquid.renderFileSync(name, variables);
  return text.trim();
}
