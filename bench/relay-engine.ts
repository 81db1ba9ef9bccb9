import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSystemRuntime } from '@baton/adapter-kit';
import { createCommandAgent } from '@baton/command-agent';
import type { JobStore } from '@baton/core';
import { createBaton, defaultLimits, type Project } from '@baton/engine';
import { createChangePolicyGate, createCheckGate, createLeakScanner } from '@baton/gates';
import { createGitWorktrees } from '@baton/git-worktree';
import { createLocal } from '@baton/local';
import { createBubblewrapSandbox } from '@baton/sandbox';
import { createSqliteStore } from '@baton/sqlite';

/** What a run of the engine came to. Printed as JSON. */
export interface RelayReport {
  /** From `start` until the last slot was free again. */
  readonly wallMs: number;
  /** This process and the helper that runs git for it, without other programs; from before the parts are made. */
  readonly cpuMs: number;
  /** Of it, the helper that runs git. */
  readonly helperCpuMs: number;
  /** Between a slot that is freed while jobs are queued, and the claim of the next one. */
  readonly refillMs: readonly number[];
  readonly peakMemoryBytes: number;
  readonly pullRequests: number;
}

/** Notes when slots are freed and filled. Nothing else of the store is touched. */
function watchSlots(store: JobStore, issues: number) {
  const refillMs: number[] = [];
  const freedAt: number[] = [];
  let claimed = 0;
  let released = 0;
  let end: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    end = resolve;
  });
  const watched: JobStore = {
    ...store,
    async claim(request, options) {
      const lease = await store.claim(request, options);
      if (lease === null) return null;
      claimed += 1;
      const since = freedAt.shift();
      if (since !== undefined) refillMs.push(performance.now() - since);
      return lease;
    },
    async release(lease, options) {
      released += 1;
      // The last ones leave no work behind: their slots stay empty.
      if (claimed + freedAt.length < issues) freedAt.push(performance.now());
      await store.release(lease, options);
      if (released === issues) end();
    },
  };
  return { watched, refillMs, finished };
}

/** CPU of the processes that this one has just now: the helper that runs git, once no program runs any more. */
async function measureChildren(): Promise<number> {
  const [pids, ticks] = await Promise.all([
    readFile(`/proc/self/task/${process.pid}/children`, 'utf8'),
    promisify(execFile)('getconf', ['CLK_TCK']),
  ]);
  const stats = pids.split(' ').filter((pid) => /^\d+$/.test(pid));
  const used = await Promise.all(
    stats.map(async (pid) => readTicks(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))),
  );
  return (used.reduce((sum, each) => sum + each, 0) * 1_000) / Number(ticks.stdout);
}

/** `utime` and `stime` of proc_pid_stat(5), behind a name that may itself hold spaces and parentheses. 0 of nothing. */
function readTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** Works so many issues of the folder `tracker` beside `remote.git`, and stops. */
async function relay(
  directory: string,
  issues: number,
  slots: number,
  edit: string,
  check: string,
): Promise<RelayReport> {
  const cpu = process.cpuUsage();
  const runtime = createSystemRuntime();
  const state = join(directory, 'state');
  const store = createSqliteStore({ path: join(state, 'store.db'), runtime });
  const slotsOf = watchSlots(store, issues);
  const sandbox = createBubblewrapSandbox({ mode: 'off' });
  const local = createLocal({
    runtime,
    stateDirectory: state,
    configDirectory: directory,
    path: join(directory, 'tracker'),
    remote: join(directory, 'remote.git'),
  });
  const workspaces = createGitWorktrees(
    { setup: null, spares: 2 },
    {
      stateDirectory: join(state, 'workspaces'),
      sandbox,
      runtime,
      mask: (text) => text,
      log: (level, message, fields) =>
        void (level === 'debug' || console.error(level, message, JSON.stringify(fields))),
    },
  );
  const agent = createCommandAgent({ run: edit, clock: runtime.clock });
  // The parts that the daemon wires, with its defaults.
  const project: Project = {
    name: 'bench',
    ...local,
    query: { labels: ['baton'], excludeLabels: [], assignee: null },
    workspaces,
    agents: [{ agent, model: null }],
    gates: [createChangePolicyGate({}), createCheckGate({ commands: [{ name: 'check', run: check }] })],
    leakScanner: createLeakScanner({ secrets: () => [] }),
    sandbox: { sandbox, network: [], readable: [], maxMemoryBytes: null, maxProcesses: null },
    limits: defaultLimits,
    budget: { microUsdPerDay: null, openPullRequests: null },
    trust: { permission: 'write', bots: [], perActorPerHour: null },
    pullRequest: { draft: true, labels: ['baton'] },
    concurrency: null,
  };
  const baton = createBaton({ runtime, store: slotsOf.watched, projects: [project], concurrency: slots });
  const following = (async () => {
    for await (const event of baton.events()) {
      if (event.type === 'log' || event.type === 'poll-failed') console.error(event.message);
      if (event.type === 'job-changed' && (event.job.wait !== null || event.job.outcome !== null)) {
        throw new Error(`${event.job.issueKey} went astray: ${event.job.wait ?? event.job.outcome}: ${event.reason}`);
      }
    }
  })();
  const begun = performance.now();
  await baton.start();
  await Promise.race([slotsOf.finished, following]);
  const wallMs = performance.now() - begun;
  const used = process.cpuUsage(cpu);
  const helperCpuMs = await measureChildren();
  const jobs = await Array.fromAsync(store.list({ phases: ['reviewing'] }));
  await baton.stop();
  await following;
  await workspaces.close?.();
  await store.close?.();
  return {
    wallMs,
    cpuMs: (used.user + used.system) / 1_000 + helperCpuMs,
    helperCpuMs,
    refillMs: slotsOf.refillMs,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1_024,
    pullRequests: jobs.length,
  };
}

if (import.meta.main) {
  const [directory = '', issues = '', slots = '', edit = '', check = ''] = process.argv.slice(2);
  console.log(JSON.stringify(await relay(directory, Number(issues), Number(slots), edit, check)));
}
