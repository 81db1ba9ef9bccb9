import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { InvariantName } from '../invariants/all-invariants.js';
import type { WorkerNews, WorkerOrder } from './worker-message.js';

/** What many runs came to. */
export interface ManyRuns {
  readonly runs: number;
  readonly steps: number;
  readonly cpuMs: number;
  /** Seeds with a broken promise that was looked for, the smallest first. */
  readonly broken: readonly { readonly seed: number; readonly invariant: InvariantName }[];
}

const simulator = fileURLToPath(new URL('../', import.meta.url));
/** So many broken seeds are enough. */
const enough = 20;

/** How a process is started that runs the packages from their sources, with a planted bug where one is named. */
export function sourceProcess(bug: string | null): { readonly execArgv: string[]; readonly env: NodeJS.ProcessEnv } {
  const { BATON_SIMULATE_BUG: _, ...env } = process.env;
  return {
    execArgv: ['--conditions=@baton/source', '--import', `${simulator}load-sources.ts`],
    env: bug === null ? env : { ...env, BATON_SIMULATE_BUG: bug },
  };
}

/** Runs seeds in as many processes as there are cores. */
export async function runMany(
  seeds: { readonly first: number; readonly last: number },
  { bug = null, until = null, processes = availableParallelism() }: RunManyOptions = {},
): Promise<ManyRuns> {
  const broken: { seed: number; invariant: InvariantName }[] = [];
  const totals = { runs: 0, steps: 0, cpuMs: 0 };
  const workers = Array.from({ length: processes }, (_, index) => {
    const order: WorkerOrder = { first: seeds.first + index, every: processes, last: seeds.last, only: until };
    return runWorker(order, bug, (news) => {
      if (news.kind === 'broken') broken.push({ seed: news.seed, invariant: news.invariant });
      else for (const key of ['runs', 'steps', 'cpuMs'] as const) totals[key] += news[key];
      return broken.length < (until === null ? enough : 1);
    });
  });
  const stop = (): void => {
    for (const { end } of workers) end();
  };
  await Promise.all(workers.map(({ ended, isEnough }) => Promise.all([ended, isEnough.then((is) => is && stop())])));
  return { ...totals, broken: broken.toSorted((left, right) => left.seed - right.seed) };
}

/** How they are run. Defaults: no bug, all seeds, a process for each core. */
export interface RunManyOptions {
  readonly bug?: string | null;
  /** They end once this promise is broken, and go on past any other. */
  readonly until?: InvariantName | null;
  readonly processes?: number;
}

function runWorker(order: WorkerOrder, bug: string | null, onNews: (news: WorkerNews) => boolean) {
  const child = fork(`${simulator}runner/simulate-process.ts`, [], sourceProcess(bug));
  let isStopped = false;
  const isEnough = new Promise<boolean>((resolve) => {
    child.on('message', (news: WorkerNews) => {
      if (!onNews(news)) resolve(true);
    });
    child.once('exit', () => resolve(false));
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0 || isStopped) resolve();
      else reject(new Error(`A worker ended with exit code ${code}.`));
    });
  });
  child.send(order);
  return {
    ended,
    isEnough,
    end: () => {
      isStopped = true;
      child.kill();
    },
  };
}
