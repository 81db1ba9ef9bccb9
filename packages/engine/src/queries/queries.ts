import { BatonError, type CallOptions, type Job, type JobStore, type Runtime } from '@baton/core';
import { listStandingBranches } from '../branches/free-branch.js';
import type { Explanation, Plan } from '../intake/explain.js';
import { explainIssue, explainProject } from '../intake/explain-issue.js';
import type { IntakePorts } from '../intake/intake.js';
import { judgeClaims } from '../intake/judge-claim.js';
import { type Survey, surveyProject } from '../intake/leftovers.js';
import { locateIssue } from '../intake/locate-issue.js';
import { foldedJob } from '../job/job-data.js';
import type { Project } from '../project/project.js';
import { peekStoreIdentity } from '../store/store-identity.js';
import { locateCheckout } from './job-checkout.js';
import { type DiffOptions, diffJob, type JobDiff } from './job-diff.js';
import { type BaselineMeasurement, measureBaseline } from './measure-baseline.js';

/** What can be asked of an engine that works nothing: no job is changed. */
export interface Queries {
  /**
   * What would be done with an issue now, and why. Reads only; the same judgement as dispatch, also of a look-up that
   * fails: a check `look-up` then tells of it. Null where no project knows the issue.
   */
  explain(reference: string, options?: { readonly project?: string }): Promise<Explanation | null>;
  /**
   * What the next tick would do, with every issue that matches. Reads only. One issue whose look-up fails, and one
   * project whose issues can't be listed, are told as such and hide no others.
   */
  plan(): Promise<Plan>;
  /** What earlier lives left on the hosts, of a store that was lost or of another one: what becomes of each issue that this store has no job for. Reads only. */
  survey(): Promise<readonly Survey[]>;
  /**
   * What a job changes against its base: as it stands in the checkout of its present attempt, of a change that waits for
   * a person's yes as they are asked about it; of a job that has ended as it was handed in. `NOT_FOUND` where there is
   * no such job.
   */
  diff(jobId: string, options?: DiffOptions): Promise<JobDiff>;
  /**
   * Where the files stand that an agent worked on last for a job, as an absolute path; null where its checkouts are
   * gone, or none was made, or no project is called as the job's. `NOT_FOUND` where there is no such job, `CONFLICT` or
   * `UNAVAILABLE` while it is worked.
   */
  checkout(jobId: string, options?: CallOptions): Promise<string | null>;
  /**
   * What the repository of a project asks on its base branch now, and what each check says of that: measured anew, in a
   * checkout that goes again, and kept for nobody. `NOT_FOUND` where no project is called so.
   */
  measureBaseline(project: string, options?: CallOptions): AsyncIterable<BaselineMeasurement>;
}

/** What queries work with. */
export interface QueryPorts {
  readonly store: JobStore;
  readonly runtime: Runtime;
  readonly labelPrefix: string;
  readonly projects: () => readonly Project[];
  /** By what daemons on other stores know this one, where that is set. */
  readonly owner: string | null;
  /** Whether this engine is at work on a job: what runs in its checkouts would be ended by whoever opens one. */
  readonly isRunning: (jobId: string) => boolean;
  /** Aborted when the engine stops at once. */
  readonly signal: AbortSignal;
}

/** What looks at issues and earlier lives is given of a project: nothing is written. */
export async function createIntakePorts(ports: QueryPorts, project: Project): Promise<IntakePorts> {
  const { store, runtime, labelPrefix, signal } = ports;
  const standing = listStandingBranches(project, { signal });
  const known = await peekStoreIdentity(store);
  const bornAt = known?.bornAt ?? runtime.clock.now();
  return { project, store, runtime, labelPrefix, bornAt, standing, owner: ports.owner ?? known?.owner ?? null };
}

/** Makes what answers them. Nothing is read before it is asked. */
export function createQueries(ports: QueryPorts): Queries {
  const { store, runtime, projects } = ports;
  const jobOf = async (id: string, options: CallOptions): Promise<Job> => {
    const job = await store.get(id, options);
    if (job) return job;
    throw new BatonError('NOT_FOUND', `There is no job ${id}.`, { details: { resource: id } });
  };
  const named = (name: string): Project | undefined => projects().find((project) => project.name === name);
  return {
    async explain(reference, narrowed) {
      const found = await locateIssue(projects(), reference, narrowed?.project);
      if (found === null) return null;
      const survey = await createIntakePorts(ports, found.project);
      const [explanation] = await judgeClaims(survey, [await explainIssue(survey, found.issue)]);
      return explanation ?? null;
    },

    async plan() {
      const explanations: Explanation[] = [];
      const failures: { readonly project: string; readonly error: unknown }[] = [];
      for (const project of projects()) {
        try {
          const survey = await createIntakePorts(ports, project);
          explanations.push(...(await judgeClaims(survey, await explainProject(survey))));
        } catch (error) {
          if (BatonError.is(error, 'STORE_UNREADABLE')) throw error;
          failures.push({ project: project.name, error });
        }
      }
      return { explanations, failures };
    },

    async survey() {
      const surveys = [];
      for (const project of projects()) surveys.push(await surveyProject(await createIntakePorts(ports, project)));
      return surveys;
    },

    async diff(id, options = {}) {
      const job = await jobOf(id, options);
      const project = named(job.project);
      if (project === undefined) return { kind: 'no-project' };
      if (ports.isRunning(id)) return { kind: 'under-way' };
      return diffJob(project, job, runtime, options);
    },

    async checkout(id, options = {}) {
      const job = await jobOf(id, options);
      const project = named(job.project);
      if (ports.isRunning(id)) {
        throw new BatonError(
          'CONFLICT',
          `Job ${id} is being worked: its checkout is its agent's until it waits or ends.`,
          {
            details: {},
          },
        );
      }
      return project === undefined ? null : locateCheckout(project, foldedJob(job), options);
    },

    async *measureBaseline(name, options = {}) {
      const project = named(name);
      if (project === undefined) {
        throw new BatonError('NOT_FOUND', `There is no project ${name}.`, { details: { resource: name } });
      }
      yield* measureBaseline(project, runtime, options);
    },
  };
}
