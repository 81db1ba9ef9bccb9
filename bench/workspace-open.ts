import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace, WorkspaceKey } from '@baton/core';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { openFixture } from './checkouts.ts';
import type { Finding } from './finding.ts';
import { createRepository, type Repository } from './fixtures.ts';
import { compare, interleave, timed } from './measure.ts';
import { git, runProgram } from './run-program.ts';

const sizes = [644, 3_100] as const;

/** What an agent leaves: changed files, new ones, and ignored ones. */
async function makeDirty({ root }: Workspace): Promise<void> {
  const folders = [join(root, 'packages/part-00/src'), join(root, 'node_modules/left'), join(root, 'dist')];
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    for (let number = 0; number < 40; number += 1)
      await writeFile(join(folder, `module-${number * 4}.ts`), 'changed\n');
  }
}

async function measureSize(context: BenchmarkContext, repository: Repository): Promise<readonly Finding[]> {
  const { quick, disk, signal } = context;
  const { commit, files } = repository;
  const options = { cwd: disk, signal };
  /** So that what one side has written isn't still on its way to the disk while the next one is measured. */
  const settle = (): Promise<unknown> => runProgram(['sync', '-f', disk], options);
  const fixture = (name: string, spares: number) =>
    openFixture(context, repository, { name: `${name}-${files}`, spares });

  const cold = await fixture('cold', 0);
  const warm = await fixture('warm', 1);
  // Two providers over one state: who opens makes no spares, who takes back keeps one.
  const quiet = await fixture('quiet', 0);
  const keeper = await fixture('quiet', 1);
  const opened = new Map<string, number>();
  const note = (name: string, value: number, round: number): void => void opened.set(`${name} ${round}`, value);
  const status = async (workspace: Workspace): Promise<void> => {
    const said = await git(['status', '--porcelain'], { cwd: workspace.root, signal });
    if (said !== '') throw new Error(`A fresh checkout is not clean: ${said.slice(0, 200)}`);
  };
  const keyOf = (round: number): WorkspaceKey => ({ job: `job${round}`, attempt: 1, role: 'work' });
  await warm.fill(keyOf(1_000));
  await keeper.fill(keyOf(1_000));

  const clone = join(disk, 'clone');
  const added = join(disk, 'added');
  const values = await interleave(
    {
      clone: async () => {
        await settle();
        const took = await timed(() => git(['clone', '--quiet', '--shared', repository.path, clone], options));
        await rm(clone, { recursive: true });
        return took;
      },
      add: async () => {
        await settle();
        const argv = [`--git-dir=${repository.path}`, 'worktree'];
        const took = await timed(() => git([...argv, 'add', '--quiet', '--detach', added, commit], options));
        await git([...argv, 'remove', '--force', added], options);
        return took;
      },
      cold: async (round) => {
        await settle();
        const took = await timed(() => cold.open(keyOf(round)));
        await cold.remove(keyOf(round));
        return took;
      },
      hit: async (round) => {
        await settle();
        const took = await timed(async () => {
          const begun = performance.now();
          const workspace = await warm.open(keyOf(round));
          note('open', performance.now() - begun, round);
          await status(workspace);
        });
        await warm.idle();
        await warm.remove(keyOf(round));
        return took;
      },
      quiet: async (round) => {
        await settle();
        const begun = performance.now();
        const workspace = await quiet.open(keyOf(round));
        await status(workspace);
        const took = performance.now() - begun;
        await makeDirty(workspace);
        await settle();
        const removing = performance.now();
        await keeper.workspaces.remove(keyOf(round), { signal });
        const back = performance.now();
        await keeper.idle();
        note('rescue', back - removing, round);
        note('back', performance.now() - back, round);
        return took;
      },
    },
    { rounds: quick ? 3 : 9 },
  );
  const noted = (name: string): readonly number[] =>
    values.clone.map((_, index) => opened.get(`${name} ${index + 1}`) ?? Number.NaN);
  for (const each of [cold, warm, quiet, keeper]) await each.close();

  const theirs = { name: 'clone --shared', values: values.clone };
  const title = (words: string): string => `${words}, ${files.toLocaleString('en')} files`;
  const big = files >= 3_000;
  return [
    compare(title('cold open : clone --shared'), 0.65, { name: 'cold open', values: values.cold }, theirs),
    compare(
      title('cold open : worktree add'),
      0.8,
      { name: 'cold open', values: values.cold },
      { name: 'worktree add', values: values.add },
    ),
    compare(
      title('pool hit and first status : clone --shared'),
      big ? 0.02 : null,
      { name: 'pool hit and status', values: values.hit },
      theirs,
    ),
    compare(title('… of it the open alone'), null, { name: 'pool hit', values: noted('open') }, theirs),
    compare(
      title('… by a provider that makes no spares'),
      null,
      { name: 'pool hit and status', values: values.quiet },
      theirs,
    ),
    compare(
      title('taken back : clone --shared'),
      big ? 0.12 : null,
      { name: 'taken back', values: noted('back') },
      theirs,
    ),
    compare(title('… remove with rescue before it'), null, { name: 'rescue', values: noted('rescue') }, theirs),
  ];
}

/** A workspace made anew, taken from the pool, and taken back, against what git does by itself. */
export const workspaceOpen: Benchmark = {
  name: 'workspace-open',
  async run(context) {
    const findings: Finding[] = [];
    for (const files of sizes) {
      const repository = await createRepository(context.disk, files, context);
      context.tell(`${files} files, ${(repository.bytes / 1024 ** 2).toFixed(1)} MiB`);
      findings.push(...(await measureSize(context, repository)));
    }
    return findings;
  },
};
