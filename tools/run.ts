import { installAgents } from './install-agents.ts';
import { installRunners } from './install-runners.ts';
import { runProcess } from './run-process.ts';
import { reportStage, runStages, type Stage } from './stages.ts';

const node = process.execPath;

const build: Stage = {
  name: 'build',
  command: 'turbo',
  args: ['run', 'build', '--no-update-notifier', '--log-order=grouped', '--log-prefix=task'],
};
// None of these reads what the build writes, so they run beside it.
const sourceChecks: readonly Stage[] = [
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  {
    name: 'lint',
    command: 'biome',
    args: ['ci', '--colors=off', '--max-diagnostics=50', '--diagnostic-level=warn', '--error-on-warnings', '.'],
  },
  { name: 'structure', command: node, args: ['tools/check-structure.ts'] },
];
const builtChecks: readonly Stage[] = [
  { name: 'packages', command: node, args: ['tools/check-packages.ts'] },
  { name: 'changesets', command: node, args: ['tools/check-changesets.ts'] },
];

async function runBuild(): Promise<number> {
  const result = await reportStage(build);
  return result.exitCode;
}

async function runTests(args: readonly string[]): Promise<number> {
  const failed = await runStages([[build, ...builtChecks], sourceChecks]);
  if (failed.includes('build')) {
    console.log(`The tests need a build.\nfailed: ${failed.join(', ')}\n0 passed, ${failed.length} failed, 0 skipped`);
    return 1;
  }
  const env = { BATON_FAILED_STAGES: failed.join(',') };
  const tests = await runProcess('vitest', ['run', ...args], { output: 'show', env });
  return failed.length > 0 ? tests.exitCode || 1 : tests.exitCode;
}

async function runSuite(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<number> {
  const exitCode = await runBuild();
  if (exitCode !== 0) {
    console.log('The tests need a build.\n0 passed, 1 failed, 0 skipped');
    return exitCode;
  }
  const tests = ['run', ...args];
  return (await runProcess('vitest', tests, { output: 'show', env: { BATON_FAILED_STAGES: '', ...env } })).exitCode;
}

/** The real agents, on models that answer from a script. */
async function runAgentTests(args: readonly string[]): Promise<number> {
  return runSuite({ BATON_SUITE: 'agents', BATON_AGENT_CACHE: await installAgents() }, args);
}

/** Minutes long, some with the real test runners. */
async function runSlowTests(args: readonly string[]): Promise<number> {
  return runSuite({ BATON_SUITE: 'slow', BATON_RUNNER_CACHE: await installRunners() }, args);
}

/** What takes too long for each change, run once a night. */
async function runNightlyTests(args: readonly string[]): Promise<number> {
  return runSuite({ BATON_SUITE: 'nightly', BATON_RUNNER_CACHE: await installRunners() }, args);
}

/** An agent that attacks, in whole runs. */
async function runHostileTests(args: readonly string[]): Promise<number> {
  return runSuite({ BATON_SUITE: 'hostile' }, args);
}

async function runBuilt(command: readonly string[]): Promise<number> {
  const exitCode = await runBuild();
  if (exitCode !== 0) return exitCode;
  return (await runProcess(node, command, { output: 'show' })).exitCode;
}

/** The engine in a world in which everything goes wrong; from the sources, so that it needs no build. */
async function simulate(args: readonly string[]): Promise<number> {
  const simulator = 'packages/engine/test/simulator';
  const sources = ['--conditions=@baton/source', '--import', `./${simulator}/load-sources.ts`];
  return (await runProcess(node, [...sources, `${simulator}/runner/main.ts`, ...args], { output: 'show' })).exitCode;
}

async function fix(args: readonly string[]): Promise<number> {
  return (await runProcess('biome', ['check', '--write', ...(args.length > 0 ? args : ['.'])], { output: 'show' }))
    .exitCode;
}

const tasks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  build: runBuild,
  test: runTests,
  'slow-test': runSlowTests,
  'agent-test': runAgentTests,
  'hostile-test': runHostileTests,
  'nightly-test': runNightlyTests,
  fix,
  simulate,
  demo: (args) => runBuilt(['apps/daemon/bin/baton.js', 'demo', ...args]),
  bench: (args) => runBuilt(['bench/run.ts', ...args]),
};

const [name = '', ...args] = process.argv.slice(2);
const task = tasks[name];
if (task === undefined) {
  console.error(`There is no task "${name}".\nfix: use one of ${Object.keys(tasks).join(', ')}.`);
  process.exitCode = 2;
} else {
  process.exitCode = await task(args);
}
