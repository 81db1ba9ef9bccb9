import { type AgentUsage, describeCost } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { viewJob } from '../../src/index.js';
import { reduce } from '../../src/job/fold/reduce.js';
import { type FoldedJob, foldedJob, toStored } from '../../src/job/job-data.js';
import { createRelay } from '../relay.js';

const usage = (microUsd: number | null, basis: AgentUsage['basis'], inputTokens: number | null = 10): AgentUsage => ({
  inputTokens,
  cachedInputTokens: null,
  outputTokens: inputTokens,
  microUsd,
  basis,
});
/** `cut`: its process died after a checkpoint. */
type Turn = AgentUsage | { readonly cut: AgentUsage };

const unknown = usage(null, 'unknown');

/** What is shown of a job whose turns came to this. */
async function costOf(turns: readonly Turn[]) {
  const relay = createRelay();
  relay.source.seed({ labels: ['baton'] });
  await relay.runOnce();
  const base = foldedJob(await relay.job());
  const fresh: FoldedJob = { ...base, data: { ...base.data, usage: usage(null, 'unknown', null), endedBasis: null } };
  const start = { type: 'turn-started', data: { agent: 'a', model: null, resumed: false, tree: 't' } } as const;
  const state = { agent: 'a', version: 1, data: null };
  const job = turns.reduce<FoldedJob>((folded, turn) => {
    const begun = reduce(folded, start, 0);
    if ('cut' in turn) return reduce(begun, { type: 'checkpoint', data: { state, usage: turn.cut } }, 0);
    const told = { agent: 'a', outcome: 'done', raw: '', summary: '', model: null, durationMs: 0 } as const;
    const going = reduce(begun, { type: 'checkpoint', data: { state, usage: unknown } }, 0);
    return reduce(going, { type: 'turn-ended', data: { ...told, usage: turn } }, 0);
  }, fresh);
  return { view: viewJob({ ...job, data: toStored(job.data) }), words: describeCost(job.data.usage) };
}

describe('the cost of a job', () => {
  it.each<[string, readonly Turn[], number | null, AgentUsage['basis'], string]>([
    ['known', [usage(1_000_000, 'computed'), usage(500_000, 'computed')], 1_500_000, 'computed', '$1.50 (computed)'],
    ['unknown', [unknown, unknown], null, 'unknown', '–'],
    ['unknown, and a known zero', [unknown, usage(0, 'computed')], null, 'unknown', '–'],
    ['a known zero, and unknown', [usage(0, 'computed'), unknown], null, 'unknown', '–'],
    ['unknown, and known', [unknown, usage(500_000, 'reported')], 500_000, 'unknown', '≥ $0.50'],
    ['known, and unknown', [usage(500_000, 'reported'), unknown], 500_000, 'unknown', '≥ $0.50'],
    ['a known zero', [usage(0, 'computed')], 0, 'computed', '$0.00 (computed)'],
    ['cut off unknown, and known', [{ cut: unknown }, usage(500_000, 'computed')], 500_000, 'unknown', '≥ $0.50'],
    [
      'cut off known, and known',
      [{ cut: usage(1, 'computed') }, usage(1, 'computed')],
      2,
      'computed',
      '$0.0000 (computed)',
    ],
  ])('of turns that are %s is told as such', async (_, turns, microUsd, basis, words) => {
    const told = await costOf(turns);
    expect(told.view.cost).toEqual({ microUsd, basis });
    expect(told.words).toBe(words);
  });
});
