import type { CheckEvidence, Gate, JobStore, JsonValue } from '@baton/core';

interface Kept {
  readonly commit: string;
  readonly cacheKey: string;
  readonly evidence: readonly CheckEvidence[];
}

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
      const key = `baseline/${project}/${gate.id}`;
      const setting = await store.readSetting(key);
      const kept = readKept(setting?.value);
      const hit = kept.find((each) => each.commit === commit && each.cacheKey === cacheKey);
      if (hit) return hit.evidence;
      const flight = `${key}/${commit}/${cacheKey}`;
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
        await store.writeSetting(key, toStored(next), setting?.version ?? null);
        return evidence;
      } finally {
        running.delete(flight);
      }
    },
  };
}

/** Only `toStored` writes this key, so the shape is trusted. */
function readKept(value: JsonValue | undefined): readonly Kept[] {
  return Array.isArray(value) ? (value as unknown as readonly Kept[]) : [];
}

function toStored(kept: readonly Kept[]): JsonValue {
  return kept as unknown as JsonValue;
}
