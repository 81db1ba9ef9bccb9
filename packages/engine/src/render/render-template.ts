import { Liquid, type Template } from 'liquidjs';
import commit from './templates/commit.liquid';
import instructions from './templates/instructions.liquid';
import pullRequest from './templates/pull-request.liquid';
import status from './templates/status.liquid';
import task from './templates/task.liquid';

// Said, so that Liquid doesn't ask the machine: the answer costs tens of milliseconds, and dates aren't formatted here.
const liquid = new Liquid({ locale: 'en-US', strictVariables: true, strictFilters: true });

const templates = { commit, instructions, 'pull-request': pullRequest, status, task };

/** The texts that Baton writes, each a Liquid template in a file of its own. */
export type TemplateName = keyof typeof templates;

/** Parsed when it is needed first: most processes write none. */
const parsed = new Map<TemplateName, Template[]>();

/** Renders a text. A variable that the template names and `variables` lacks is an error, never an empty place. */
export function renderTemplate(name: TemplateName, variables: Readonly<Record<string, unknown>>): string {
  const template = parsed.get(name) ?? liquid.parse(templates[name]);
  parsed.set(name, template);
  const text: string = liquid.renderSync(template, variables);
  return text.trim();
}
