import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace, WorkspaceKey } from '@baton/core';
import { createBubblewrapSandbox } from '@baton/sandbox';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { type FixtureOptions, openFixture } from './checkouts.ts';
import { createRepository, type Repository } from './fixtures.ts';
import { compare, interleave, type Side, timed } from './measure.ts';
import { git, runProgram } from './run-program.ts';

const files = 3_100;
const commands = 2;
const dependencies = { packages: 300, filesEach: 50, bytesEach: 20_000 } as const;
/** Reads the sources and looks up every dependency, as a compiler does, and writes beside both. */
const check = 'cat packages/*/src/*.ts | wc -c; find node_modules -type f | wc -l; mkdir -p dist; date > dist/out';

/** What an installed `node_modules` of 300 MB takes: 15,000 files. */
async function makeDependencies(directory: string): Promise<void> {
  const { packages, filesEach, bytesEach } = dependencies;
  for (let number = 0; number < packages; number += 1) {
    const folder = join(directory, `package-${number}`);
    await mkdir(folder, { recursive: true });
    for (let file = 0; file < filesEach; file += 1) {
      await writeFile(
        join(folder, `file-${file}.js`),
        `${number} ${file}\n`.padEnd(bytesEach, `// ${number * file}\n`),
      );
    }
  }
}

/** One change, checked by the provider: a checkout for it, set up once, made new for each command. */
async function verifyBy(
  context: BenchmarkContext,
  repository: Repository,
  options: Required<Pick<FixtureOptions, 'name' | 'sandbox' | 'setup'>>,
): Promise<{ readonly measure: Side; readonly close: () => Promise<void> }> {
  const checkouts = await openFixture(context, repository, { ...options, spares: 0 });
  const keyOf = (round: number, role: WorkspaceKey['role']): WorkspaceKey => ({ job: `job${round}`, attempt: 1, role });
  const run = async (workspace: Workspace): Promise<void> => {
    const { exitCode, stderr } = await workspace.exec({ argv: ['sh', '-c', check] }, { signal: context.signal });
    if (exitCode !== 0) throw new Error(`The check ended with ${exitCode}: ${stderr.slice(0, 500)}`);
  };
  return {
    close: checkouts.close,
    async measure(round) {
      const work = await checkouts.open(keyOf(round, 'work'));
      await work.writeFile('packages/part-00/src/changed.ts', `export const round = ${round};\n`);
      const { tree } = await work.snapshot();
      await checkouts.remove(keyOf(round, 'work'));
      await runProgram(['sync', '-f', context.disk], { cwd: context.disk, signal: context.signal });
      const took = await timed(async () => {
        const verify = await checkouts.open(keyOf(round, 'verify'));
        for (let each = 0; each < commands; each += 1) {
          await verify.renew(tree);
          await run(verify);
        }
      });
      await checkouts.remove(keyOf(round, 'verify'));
      return took;
    },
  };
}

/** What it costs that each command runs in a checkout that nothing ran in before. */
export const verifyChange: Benchmark = {
  name: 'verify-change',
  async run(context) {
    const { disk, quick, signal, tell } = context;
    const repository = await createRepository(disk, files, context);
    const prepared = join(disk, 'prepared');
    await makeDependencies(prepared);
    const sandbox = createBubblewrapSandbox({ mode: 'required' });
    const probed = join(disk, 'probe');
    await mkdir(probed);
    const isLaid = (await sandbox.canOverlay?.(probed, { signal })) ?? false;
    if (!isLaid) tell('this machine makes no overlays: both lines are of the copy');
    const setup = { run: `cp -R ${prepared} node_modules`, readable: [prepared] };
    const { canOverlay: _, ...copying } = sandbox;
    const laid = await verifyBy(context, repository, { name: 'laid', sandbox, setup });
    const copied = await verifyBy(context, repository, { name: 'copied', sandbox: copying, setup });
    const options = { cwd: disk, signal };
    const byHand = async (round: number): Promise<number> => {
      await runProgram(['sync', '-f', disk], options);
      const checkouts = Array.from({ length: commands }, (_unused, each) => join(disk, `hand-${round}-${each}`));
      const took = await timed(async () => {
        for (const checkout of checkouts) {
          await git([`--git-dir=${repository.path}`, 'worktree', 'add', '--quiet', '--detach', checkout], options);
          await runProgram(['cp', '-R', prepared, join(checkout, 'node_modules')], options);
          await runProgram(['sh', '-c', check], { ...options, cwd: checkout });
        }
      });
      for (const checkout of checkouts) {
        await git([`--git-dir=${repository.path}`, 'worktree', 'remove', '--force', checkout], options);
        await rm(checkout, { recursive: true, force: true });
      }
      return took;
    };
    try {
      const values = await interleave(
        { laid: laid.measure, copied: copied.measure, byHand },
        { rounds: quick ? 2 : 7, warmUps: quick ? 0 : 1 },
      );
      const theirs = { name: 'a fresh checkout per command, by hand', values: values.byHand };
      return [
        compare('a change verified by two commands : by hand', 1.25, { name: 'laid', values: values.laid }, theirs),
        compare('… where no overlay can be made', null, { name: 'copied', values: values.copied }, theirs),
      ];
    } finally {
      for (const side of [laid, copied]) await side.close();
    }
  },
};
