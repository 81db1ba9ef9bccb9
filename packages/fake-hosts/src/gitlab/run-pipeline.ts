import type { HostState } from './host-state.js';
import type { StoredJob, StoredPipeline } from './model.js';

/** A job as a test gives it. */
export interface FakeGitlabJob {
  readonly name: string;
  /** In GitLab's words: `success`, `failed`, `canceled`, `skipped`, `manual`, `running`. */
  readonly status: string;
  /** Default: `job`. */
  readonly kind?: StoredJob['kind'];
  /** Default: false. */
  readonly allowFailure?: boolean;
  /** Its log, or what a service says. Default: `expected 3, got 4`. */
  readonly trace?: string;
  /** Of a bridge: the jobs of the pipeline that it started. Default: it started none. */
  readonly started?: readonly FakeGitlabJob[];
}

/** Where a pipeline runs. */
export type PipelinePlace = Pick<StoredPipeline, 'sha' | 'ref' | 'source'> &
  Partial<Pick<StoredPipeline, 'sourceSha' | 'yamlErrors'>>;

const statuses = { pending: 'running', passed: 'success', failed: 'failed' } as const;

/** A pipeline that did something just now. Where one name is given twice, the first was run again. */
export function runJobs(host: HostState, given: readonly FakeGitlabJob[], where: PipelinePlace): StoredPipeline {
  const jobs = given.map(({ name, status, kind = 'job', allowFailure = false, trace, started }): StoredJob => {
    const below = started ? runJobs(host, started, { ...where, source: 'parent_pipeline' }) : null;
    return {
      ...{ id: host.nextId(), kind, name, allowFailure, trace: trace ?? 'expected 3, got 4', started: below },
      status: below === null ? status : below.status,
    };
  });
  const status = where.yamlErrors ? 'failed' : wholeOf(newestOf(jobs));
  return { id: host.nextId(), sourceSha: null, yamlErrors: null, ...where, status, updatedAt: host.tick(), jobs };
}

/** A pipeline with one job that decides and one that may fail. */
export function runPipeline(
  host: HostState,
  state: keyof typeof statuses,
  where: PipelinePlace,
  trace = '',
): StoredPipeline {
  const lint = { name: 'lint', status: 'failed', allowFailure: true, trace };
  return runJobs(host, [lint, { name: 'test', status: statuses[state], trace }], where);
}

/** The newest run of each job. */
export function newestOf(jobs: readonly StoredJob[]): readonly StoredJob[] {
  return [...new Map(jobs.map((each) => [each.name, each])).values()];
}

/** As `Gitlab::Ci::Status::Composite` in GitLab's source puts it together. */
function wholeOf(jobs: readonly StoredJob[]): string {
  const deciding = jobs.filter(
    ({ status, allowFailure }) => !(allowFailure && /^(?:failed|manual|canceled)$/.test(status)),
  );
  const found = new Set(deciding.map(({ status }) => status));
  const only = (...some: readonly string[]): boolean => [...found].every((each) => some.includes(each));
  if (jobs.length > 0 && jobs.every(({ status }) => status === 'skipped')) return 'skipped';
  if (only('success', 'skipped')) return 'success';
  if (only('canceled', 'success', 'skipped')) return 'canceled';
  const first = ['running', 'pending', 'waiting_for_resource', 'waiting_for_callback', 'manual', 'scheduled'];
  return first.find((each) => found.has(each)) ?? (found.has('created') ? 'running' : 'failed');
}
