import { leastLimits } from './limits.js';
import type { Project } from './project.js';
import type { RepositoryPolicy } from './repository-policy.js';

/**
 * The project as a repository's policy narrows it: nothing of its own is taken away, replaced or reached past. Pure.
 */
export function narrow(project: Project, policy: RepositoryPolicy): Project {
  return {
    ...project,
    limits: leastLimits(project.limits, policy.limits),
    gates: [...policy.rules, ...project.gates, ...policy.checks],
  };
}
