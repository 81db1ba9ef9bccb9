import type { Project } from './project.js';

/** What tells projects apart, whatever they are called: whose issues, and where the work is handed in. */
export function placeOf({ source, forge }: Pick<Project, 'source' | 'forge'>): string {
  return `${source.id} ${source.tracker} > ${forge.id} ${forge.repository}`;
}
