import type { Config } from '../config/config.js';

/** An issue reference, and the project that is meant where one is named: `web#77` means 77 of the project `web`. */
export function splitReference(
  typed: string,
  config: { readonly projects: readonly Pick<Config['projects'][number], 'name'>[] },
  named: unknown,
): { readonly reference: string; readonly options: { readonly project?: string } } {
  if (typeof named === 'string') return { reference: typed, options: { project: named } };
  const match = /^([A-Za-z0-9._-]+)#(.+)$/.exec(typed);
  const project = config.projects.find(({ name }) => name === match?.[1]);
  if (match?.[2] === undefined || project === undefined) return { reference: typed, options: {} };
  return { reference: match[2], options: { project: project.name } };
}
