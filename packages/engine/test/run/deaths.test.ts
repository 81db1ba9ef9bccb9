import { describe, expect, it } from 'vitest';
import { type Baton, viewJob } from '../../src/index.js';
import { foldedJob } from '../../src/job/job-data.js';
import { settle } from '../memory-world.js';
import { createRelay, fix, type Turns } from '../relay.js';

/** How each worker came to its end. */
type Ends = Readonly<Record<string, string>>;

/** Daemons, one after another, that end in the middle of the turns that `kills` says, by their number. */
function createDying(kills: (turn: number, issueKey: string) => boolean, ends: Ends, turns: Turns = fix) {
  let baton: Baton | null = null;
  let begun = 0;
  let atWork = 0;
  let most = 0;
  const relay = createRelay(async (turn, issueKey) => {
    begun += 1;
    atWork += 1;
    most = Math.max(most, atWork);
    try {
      if (!kills(begun, issueKey)) return await turns(turn, issueKey);
      // As when a process ends: nothing more is recorded of any step.
      void baton?.stop('now');
      return await new Promise<never>(() => {});
    } finally {
      atWork -= 1;
    }
  });
  return {
    ...relay,
    turns: () => begun,
    /** Works as this worker, to the end of its process or of the work. Tells how many turns went on at once. */
    async runAs(worker: string): Promise<number> {
      most = 0;
      atWork = 0;
      baton = relay.create({ worker, deathOf: (other) => ends[other] ?? null, concurrency: 3 });
      await baton.runOnce();
      await baton.stop();
      // What it held is let go of with its process.
      relay.runtime.clock.advance(61_000);
      return most;
    },
  };
}

const threw = 'it threw RangeError: too long';

describe('a job in whose step daemons die by themselves', () => {
  it('waits for a person after the third, with its story, and is begun no more', async () => {
    const scene = createDying(() => true, { w1: threw, w2: threw, w3: 'it ran out of memory (heap)' });
    scene.source.seed({ labels: ['baton'] });
    for (const worker of ['w1', 'w2', 'w3']) await scene.runAs(worker);
    expect(await scene.job()).toMatchObject({ phase: 'working' });
    await scene.runAs('w4');
    expect(scene.turns()).toBe(3);
    const held = await scene.job();
    expect(held).toMatchObject({ phase: 'waiting', wait: 'needs-person' });
    const { reason } = viewJob(held);
    for (const word of ['3 times', 'work', 'it ran out of memory (heap)', 'Approve', 'cancel']) {
      expect(reason).toContain(word);
    }
    await scene.runAs('w5');
    expect(scene.turns()).toBe(3);
  });

  it('goes on where it was once a person says so, and is held again after three more', async () => {
    const ends = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`w${index}`, threw]));
    const scene = createDying((turn) => turn <= 6, ends);
    scene.source.seed({ labels: ['baton'] });
    for (const worker of ['w1', 'w2', 'w3', 'w4']) await scene.runAs(worker);
    const held = await scene.job();
    expect(held.wait).toBe('needs-person');
    await scene.create().signal(held.id, { type: 'approve', data: null });
    for (const worker of ['w5', 'w6', 'w7', 'w8']) await scene.runAs(worker);
    expect((await scene.job()).wait).toBe('needs-person');
    await scene.create().signal(held.id, { type: 'approve', data: null });
    await scene.runAs('w9');
    const job = foldedJob(await scene.job());
    expect(job).toMatchObject({ phase: 'reviewing', data: { deaths: [], approvedText: null, approvedTree: null } });
  });

  it('can be cancelled, and is settled then', async () => {
    const scene = createDying(() => true, { w1: threw, w2: threw, w3: threw });
    scene.source.seed({ labels: ['baton'] });
    for (const worker of ['w1', 'w2', 'w3', 'w4']) await scene.runAs(worker);
    await scene.create().signal((await scene.job()).id, { type: 'cancel', data: null });
    await scene.runAs('w5');
    expect(await scene.job()).toMatchObject({ phase: 'cancelled', outcome: 'cancelled' });
  });

  it('is not held for daemons that were killed, however many', async () => {
    const scene = createDying((turn) => turn <= 6, { w2: threw, w4: threw });
    scene.source.seed({ labels: ['baton'] });
    for (let worker = 1; worker <= 7; worker += 1) await scene.runAs(`w${worker}`);
    expect(await scene.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('is not held where it came further in between', async () => {
    // Red after each death: the step ends, and another one begins.
    const scene = createDying(
      (turn) => [1, 3, 5].includes(turn),
      { w1: threw, w2: threw, w3: threw },
      async ({ workspace }) => {
        const turn = scene.turns();
        await workspace.writeFile('app.txt', turn < 6 ? `red ${turn}\n` : 'mended\n');
        return {};
      },
    );
    scene.source.seed({ labels: ['baton'] });
    for (const worker of ['w1', 'w2', 'w3', 'w4']) await scene.runAs(worker);
    expect(scene.turns()).toBe(6);
    expect(await scene.job()).toMatchObject({ phase: 'reviewing' });
  });

  it('is worked alone after the second, so that another one is not held for it', async () => {
    let culprit = '';
    const slow: Turns = async (turn, key) => {
      for (let each = 0; each < 20; each += 1) await settle();
      return fix(turn, key);
    };
    const scene = createDying((_, key) => key === culprit, { w1: threw, w2: threw, w3: threw }, slow);
    const keys = [1, 2, 3].map(() => scene.source.seed({ labels: ['baton'] }).key);
    culprit = keys[1] ?? '';
    expect(await scene.runAs('w1')).toBeGreaterThan(1);
    await scene.runAs('w2');
    expect(await scene.runAs('w3')).toBe(1);
    await scene.runAs('w4');
    const jobs = await scene.jobs();
    const held = jobs.filter((job) => job.wait === 'needs-person');
    expect(held.map((job) => job.issueKey)).toEqual([culprit]);
    for (const job of jobs) if (!held.includes(job)) expect(job.phase).toBe('reviewing');
  });
});
