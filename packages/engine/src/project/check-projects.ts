import { BatonError } from '@baton/core';
import type { Project } from './project.js';

/**
 * Throws `CONFIG_INVALID` on projects that can't be told apart, and on one that has no agent for some issues: what is
 * wrong with one alone is its adapters' to say.
 */
export function checkProjects(projects: readonly Project[]): void {
  const names = projects.map((project) => project.name);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  const picky = projects.find(({ agents }) => agents.every(({ when }) => when !== undefined));
  if (picky) {
    throw new BatonError('CONFIG_INVALID', `Every agent of the project ${picky.name} is for some issues only.`, {
      details: { setting: 'agents' },
      fix: 'Leave `when` out of one of them: it takes what no other is for.',
    });
  }
  if (doubled === undefined) return;
  throw new BatonError('CONFIG_INVALID', `Two projects are called ${doubled}; stored jobs are found by that name.`, {
    details: { setting: 'projects' },
  });
}
