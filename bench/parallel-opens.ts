import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { WorkspaceKey } from '@baton/core';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { openFixture } from './checkouts.ts';
import { createRepository, type Repository } from './fixtures.ts';
import { compare, interleave, quantile, type Side, spread, timed } from './measure.ts';
import { git } from './run-program.ts';

const atOnce = 16;

/** Runs tasks, so many of them at once. */
async function runLimited(tasks: readonly (() => Promise<void>)[], limit: number): Promise<void> {
  const queue = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await task();
  };
  await Promise.all(Array.from({ length: limit }, work));
}

/** Ways to make many worktrees by git alone. */
function rawWays(context: BenchmarkContext, { path, commit }: Repository): Readonly<Record<string, Side>> {
  const { memory, signal } = context;
  const cores = availableParallelism();
  const places = Array.from({ length: atOnce }, (_, number) => join(memory, `raw-${number}`));
  const run = (...args: readonly string[]) => git(args, { cwd: memory, signal });
  const clear = async (): Promise<void> => {
    for (const place of places) await rm(place, { recursive: true, force: true });
    await run(`--git-dir=${path}`, 'worktree', 'prune', '--expire=now');
  };
  const add = (place: string, workers: number, ...flags: readonly string[]) =>
    run(
      `--git-dir=${path}`,
      '-c',
      `checkout.workers=${workers}`,
      'worktree',
      'add',
      '--quiet',
      '--detach',
      ...flags,
      place,
      commit,
    );
  const side =
    (work: () => Promise<void>): Side =>
    async () => {
      try {
        return await timed(work);
      } finally {
        await clear();
      }
    };
  const split = (workers: number) =>
    side(async () => {
      // The step that races, one after another; each checkout begins once its own is done.
      let last: Promise<unknown> = Promise.resolve();
      const registered = places.map((place) => {
        last = last.then(() => add(place, 1, '--no-checkout'));
        return last;
      });
      const checkout = async (place: string, number: number): Promise<void> => {
        await registered[number];
        await run('-C', place, '-c', `checkout.workers=${workers}`, 'reset', '--quiet', '--hard');
      };
      await runLimited(
        places.map((place, number) => () => checkout(place, number)),
        cores,
      );
    });
  return {
    'one at a time, workers = cores': side(() =>
      runLimited(
        places.map((place) => async () => void (await add(place, cores))),
        1,
      ),
    ),
    'mutex, checkouts = cores': split(1),
    'mutex, checkouts = cores, workers = cores': split(cores),
  };
}

/** Sixteen workspaces asked for at the same moment. */
export const parallelOpens: Benchmark = {
  name: 'parallel-opens',
  async run(context) {
    const rounds = context.quick ? 4 : 25;
    const repository = await createRepository(context.memory, 644, context);
    const checkouts = await openFixture({ ...context, disk: context.memory }, repository, {
      name: 'parallel',
      spares: 0,
    });
    let failures = 0;
    const ours: Side = async (round) => {
      const keys = Array.from(
        { length: atOnce },
        (_, number): WorkspaceKey => ({ job: `job${round}x${number}`, attempt: 1, role: 'work' }),
      );
      const took = await timed(async () => {
        const ended = await Promise.allSettled(keys.map((key) => checkouts.open(key)));
        for (const each of ended) {
          if (each.status === 'fulfilled') continue;
          failures += 1;
          context.tell(`an open failed: ${String(each.reason)}`);
        }
      });
      for (const key of keys) await checkouts.workspaces.remove(key, context);
      await checkouts.idle();
      return took;
    };
    const ways = rawWays(context, repository);
    const tried = await interleave(ways, { rounds: context.quick ? 2 : 4 });
    const ranked = Object.entries(tried).toSorted(([, left], [, right]) => quantile(left, 0.5) - quantile(right, 0.5));
    for (const [name, values] of ranked) context.tell(`git alone, ${name}: ${quantile(values, 0.5).toFixed(0)} ms`);
    const [best] = ranked[0] ?? [];
    const way = best === undefined ? undefined : ways[best];
    if (best === undefined || way === undefined) throw new Error('No way was tried.');
    const values = await interleave({ ours, raw: way }, { rounds });
    await checkouts.close();
    const opens = (rounds + 1) * atOnce;
    return [
      {
        goal: `failures of ${opens} opens, ${atOnce} in parallel`,
        unit: 'count',
        measured: failures,
        range: null,
        limit: { rule: 'exactly', value: 0 },
        sides: { opens: spread([opens], 'count') },
      },
      compare(
        `${atOnce} opens : the best of git alone`,
        1.15,
        { name: 'opens', values: values.ours },
        { name: `git, ${best}`, values: values.raw },
      ),
    ];
  },
};
