import type { Job } from '@baton/core';
import type { MemoryTurn, MemoryTurnResult } from '@baton/memory';
import { type BatonOptions, createBaton, type Project } from '../src/index.js';
import { createManualRuntime, createMemoryStore, createProjectWorld, settle } from './memory-world.js';

export type Turns = (turn: MemoryTurn, issueKey: string) => MemoryTurnResult | Promise<MemoryTurnResult>;

/** An agent that mends the one file there is. */
export const fix: Turns = async (turn) => {
  await turn.workspace.writeFile('app.txt', 'mended\n');
  return { summary: 'Mended app.txt.' };
};

/** One project in memory, and engines over it. */
export function createRelay(turns: Turns = fix, change: Partial<Project> = {}, options: Partial<BatonOptions> = {}) {
  const runtime = createManualRuntime(1);
  const store = createMemoryStore({ runtime });
  const world = createProjectWorld(runtime, 'web', turns);
  const project = { ...world.project, ...change };
  const create = (over: Partial<BatonOptions> = {}) =>
    createBaton({ runtime, store, projects: [project], ...options, ...over });
  const runOnce = async (): Promise<void> => {
    const baton = create();
    await baton.runOnce();
    await baton.stop();
  };
  /** The clock goes on, second by second, until something has come about. */
  const drive = async (ran: Promise<unknown>, mostSeconds = 600): Promise<void> => {
    let over = false;
    void ran.finally(() => {
      over = true;
    });
    for (let second = 0; second < mostSeconds && !over; second += 1) {
      await settle();
      runtime.clock.advance(1_000);
    }
    if (!over) throw new Error(`It didn't come about within ${mostSeconds} seconds.`);
  };
  const jobs = (): Promise<Job[]> => Array.fromAsync(store.list({}));
  const job = async (): Promise<Job> => {
    const [first] = await jobs();
    if (!first) throw new Error('no job');
    return first;
  };
  return { ...world, runtime, store, project, create, runOnce, drive, jobs, job };
}
