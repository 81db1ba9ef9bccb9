import type { CheckEvidence } from '@baton/core';
import { createMemoryGate } from '@baton/memory';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { createRelay, type Turns } from '../relay.js';

const run = { exitCode: 1, durationMs: 10, timedOut: false, tests: null, altered: [], excerpt: '' };
const evidence = (name: string, more: Partial<CheckEvidence> = {}): CheckEvidence => ({
  ...{ name, base: null, head: run, basis: 'exit-code', knownFailures: [], notes: [] },
  ...more,
});

/** Why a job ends whose gate sends its change back in each of two rounds. */
async function reasonOf(checks: readonly CheckEvidence[]): Promise<string | null> {
  let turns = 0;
  const work: Turns = async (turn) => {
    turns += 1;
    await turn.workspace.writeFile('app.txt', `try ${turns}\n`);
    return { summary: 'Tried.' };
  };
  const gate = createMemoryGate({
    judge: async () => ({ verdict: 'rework', feedback: 'Conflict markers were left in `app.txt`.', checks }),
  });
  const relay = createRelay(work, { gates: [gate] });
  const limits = { ...relay.project.limits, rounds: 2 };
  relay.source.seed({ labels: ['baton'] });
  const baton = relay.create({ projects: [{ ...relay.project, limits }] });
  await baton.runOnce();
  await baton.stop();
  const job = viewJob(await relay.job());
  expect(job).toMatchObject({ outcome: 'checks-failed', round: 2 });
  return job.reason;
}

describe('a job that is still red after all of its rounds', () => {
  it('names the checks that are red, and how many of their tests are newly so', async () => {
    const checks = [
      evidence('build', { head: { ...run, exitCode: 0 } }),
      evidence('lint'),
      evidence('test', { basis: 'tests', verdict: 'rework', newFailures: ['adds', 'takes'] }),
      evidence('old', { verdict: 'pass' }),
    ];
    expect(await reasonOf(checks)).toBe(
      'Still red after 2 of 2 rounds: 2 checks of 4: lint, test. 2 tests newly red: adds, takes.',
    );
  });

  it('tells tests apart whose names begin with the same long words', async () => {
    const suite = 'src/parse-set-cookie.spec.ts > cookie.parseSetCookie > should handle attributes';
    const newFailures = [`${suite} with no value`, `${suite} with extra spaces`];
    const checks = [evidence('test', { basis: 'tests', verdict: 'rework', newFailures })];
    expect(await reasonOf(checks)).toBe(
      `Still red after 2 of 2 rounds: 1 check of 1: test. 2 tests newly red: ${newFailures.join(', ')}.`,
    );
  });

  it('says why a check is red whose exit code is 0, or as the base has it', async () => {
    const wrote = 'It changed files that it was to be measured with while it ran: `test.js`.';
    const head = { ...run, exitCode: 0, altered: ['test.js'] };
    const checks = [
      evidence('lint', { notes: ['Of no use here.'] }),
      evidence('test', { basis: 'tests', verdict: 'rework', head, notes: [wrote] }),
      evidence('old', { verdict: 'rework', base: run, notes: ['Too few.'] }),
    ];
    expect(await reasonOf(checks)).toBe(
      `Still red after 2 of 2 rounds: 3 checks of 3: lint, test, old. test: ${wrote} old: Too few.`,
    );
  });

  it('says what is asked for where no check is red', async () => {
    expect(await reasonOf([])).toBe(
      'The change is still not as it should be after 2 of 2 rounds: Conflict markers were left in `app.txt`.',
    );
  });
});
