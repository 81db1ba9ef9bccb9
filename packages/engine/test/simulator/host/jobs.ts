import { type Issue, isEnded, type Job } from '@baton/core';
import { allJobs } from '../calm.js';
import type { Choices } from '../choices.js';
import type { Installation } from '../process/installation.js';
import type { World } from '../world.js';
import type { Host } from './host.js';

/** What a host's project is called once an operator has renamed it. */
export function renamed(host: Host): string {
  return `${host.name}-renamed`;
}

/** The host that a job's project stands for. */
export function hostOf(world: World, { project }: Pick<Job, 'project'>): Host {
  const host = world.hosts.find((each) => each.name === project || renamed(each) === project);
  if (!host) throw new Error(`there is no host for the project ${project}`);
  return host;
}

/** The issue of a job, as people see it now. */
export function issueOfJob(world: World, job: Job): Issue | null {
  const { source, issues } = hostOf(world, job);
  const issue = issues.find(({ key }) => key === job.issueKey);
  return issue ? source.read(issue.id) : null;
}

/** A job, and in whose store it is. */
export interface FoundJob {
  readonly installation: Installation;
  readonly job: Job;
}

/** Any job that has not ended, or that has. */
export function pickJob(world: World, choose: Choices, which: 'open' | 'ended'): FoundJob | null {
  return choose.pick(allJobs(world).filter(({ job }) => isEnded(job.phase) === (which === 'ended')));
}
