import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Finding } from './finding.ts';
import { createHostedProject, type HostName } from './hosted-project.ts';
import { quantile, spread } from './measure.ts';

/** Above it, time in which nothing happens is leapt over, and not waited for. */
const longestWaitMs = 5_000;

/** What a poll still does after it was told of: nothing is leapt over before, and no issue appears so shortly before the next. */
const settleMs = 50;

interface Pickups {
  readonly host: HostName;
  readonly pollIntervalMs: number;
  readonly picked: readonly {
    /** From an issue's appearance to its agent's start. */
    readonly tookMs: number;
    /** Of it, until the next poll was due. */
    readonly dueMs: number;
  }[];
}

/** Issues that appear at instants spread evenly over the interval between two polls, one after the other. */
async function measurePickups(
  context: BenchmarkContext,
  host: HostName,
  pollIntervalMs: number,
  issues: number,
): Promise<Pickups> {
  const { signal } = context;
  const directory = join(context.disk, `${host}-${pollIntervalMs}`);
  await mkdir(directory);
  let began: () => void = () => {};
  await using project = await createHostedProject({
    ...{ host, directory, signal, pollIntervalMs, slots: issues + 1, pacesWrites: true },
    // Works on until all is over: what comes after its start disturbs no other issue's.
    async work(turn) {
      began();
      await new Promise<void>((resolve) => turn.signal.addEventListener('abort', () => resolve(), { once: true }));
      return {};
    },
  });
  const { baton, runtime } = project;
  let tellPolled: () => void = () => {};
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  // It is heard where something is waited for.
  failure.catch(() => {});
  const following = (async () => {
    for await (const event of baton.events()) {
      if (event.type === 'project-polled') tellPolled();
      if (event.type === 'poll-failed' || event.type === 'operator-needed') failed(new Error(event.message));
    }
  })();
  const isLeaping = pollIntervalMs > longestWaitMs;
  const pickUp = async (share: number): Promise<{ readonly tookMs: number; readonly dueMs: number }> => {
    const polled = new Promise<void>((resolve) => {
      tellPolled = resolve;
    });
    const started = new Promise<void>((resolve) => {
      began = resolve;
    });
    if (isLeaping) runtime.leap(pollIntervalMs);
    await Promise.race([polled, failure]);
    const last = runtime.clock.monotonic();
    // It sleeps a moment after it has told of a poll.
    await sleep(settleMs, undefined, { signal });
    const passMs = share * (pollIntervalMs - 2 * settleMs);
    if (isLeaping) runtime.leap(passMs);
    else await sleep(passMs, undefined, { signal });
    const appearedAt = runtime.clock.monotonic();
    project.openIssue();
    const dueMs = pollIntervalMs - (appearedAt - last);
    if (isLeaping) runtime.leap(dueMs);
    await Promise.race([started, failure]);
    return { tookMs: runtime.clock.monotonic() - appearedAt, dueMs };
  };
  const begun = baton.start();
  // The first job checks the untouched base, which later ones are spared.
  await pickUp(0.5);
  await begun;
  const picked: { readonly tookMs: number; readonly dueMs: number }[] = [];
  for (let issue = 0; issue < issues; issue += 1) {
    signal.throwIfAborted();
    picked.push(await pickUp((issue + 0.5) / issues));
  }
  await baton.stop('now');
  await following;
  return { host, pollIntervalMs, picked };
}

function report({ host, pollIntervalMs, picked }: Pickups): Finding {
  const took = picked.map(({ tookMs }) => tookMs);
  return {
    goal: `${host}, polled every ${pollIntervalMs / 1_000} s: from an issue to its agent's start`,
    unit: 'ms',
    measured: quantile(took, 0.5),
    range: null,
    limit: null,
    sides: {
      'each issue': spread(took),
      'floor: until the next poll': spread(picked.map(({ dueMs }) => dueMs)),
      'what Baton adds': spread(picked.map(({ tookMs, dueMs }) => tookMs - dueMs)),
    },
  };
}

/** How soon an issue is worked, against the wait for the next poll, which is half the interval on average. */
export const issuePickup: Benchmark = {
  name: 'issue-pickup',
  async run(context) {
    const findings: Finding[] = [];
    for (const host of ['github', 'gitlab'] as const) {
      for (const pollIntervalMs of [1_000, 30_000]) {
        findings.push(report(await measurePickups(context, host, pollIntervalMs, context.quick ? 2 : 5)));
      }
    }
    return findings;
  },
};
