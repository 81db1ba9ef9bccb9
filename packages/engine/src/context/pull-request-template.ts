import type { StepContext } from '../job/step-context.js';
import { readBaseFile } from './base-file.js';

/**
 * What the job's base asks of whoever opens a pull request: the template that the operator names, else the first that
 * stands where the host looks for one. Null: nothing, or what can't be read as text.
 */
export async function readPullRequestTemplate(context: StepContext): Promise<string | null> {
  const { base } = context.job().data;
  const { pullRequest, forge } = context.project;
  const { template } = pullRequest;
  const paths = template === undefined ? (forge.pullRequestTemplates ?? []) : template === null ? [] : [template];
  if (base === null) return null;
  for (const path of paths) {
    const found = await readBaseFile(context, base, path);
    if (found !== null && 'text' in found) return found.text;
  }
  return null;
}
