import type { CheckEvidence, Gate, JobStore } from '@baton/core';
import { readFact, writeFact } from '../store/fact.js';
import { facts } from '../store/facts.js';

/** What gates found on base commits, so that one commit is measured once. */
export interface Baselines {
  /** The gate's evidence on a commit: kept from before, or measured now by `measure`. */
  get(
    request: { readonly project: string; readonly gate: Gate; readonly commit: string },
    measure: () => Promise<readonly CheckEvidence[]>,
  ): Promise<readonly CheckEvidence[]>;
}

/** How many base commits of a project are remembered. */
const keptCommits = 4;

/** Keeps evidence in the store; two jobs that ask at once share one measurement. */
export function createBaselines(store: JobStore): Baselines {
  const running = new Map<string, Promise<readonly CheckEvidence[]>>();
  return {
    async get({ project, gate, commit }, measure) {
      const { cacheKey } = gate;
      if (cacheKey === undefined) return measure();
      const fact = facts.baselines(project, gate.id);
      const { value, version } = await readFact(store, fact);
      const kept = value ?? [];
      const hit = kept.find((each) => each.commit === commit && each.cacheKey === cacheKey);
      if (hit) return hit.evidence;
      const flight = `${fact.key}/${commit}/${cacheKey}`;
      const other = running.get(flight);
      // Another job's failure or cancellation is not ours: then we measure ourselves.
      const shared = await other?.catch(() => null);
      if (shared) return shared;
      const mine = measure();
      running.set(flight, mine);
      try {
        const evidence = await mine;
        const next = [{ commit, cacheKey, evidence }, ...kept].slice(0, keptCommits);
        // Losing the race to write costs one more measurement some day, nothing else.
        await writeFact(store, fact, { value: next, version });
        return evidence;
      } finally {
        running.delete(flight);
      }
    },
  };
}
