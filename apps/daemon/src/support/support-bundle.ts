import { availableParallelism, release, totalmem } from 'node:os';
import { type CallOptions, type JobStore, type JsonValue, openPhases } from '@baton/core';
import { readPause, viewJob } from '@baton/engine';
import { listBuiltIns } from '../wire/built-ins.js';

/** Told as they are: keys whose values come out of a list that Baton knows. Every other text says only how long it is. */
const closedKeys: ReadonlySet<string> = new Set(['mode', 'permission', 'ci', 'submodules', 'onProtected', 'report']);
const shownJobs = 50;
const own = '(an adapter of its own)';

/**
 * What a configuration is like, without what stands in it: numbers, switches, and texts that can only be one of a few
 * words. Names of projects, repositories, people, hosts, paths and commands are left out; their lengths stay.
 */
export function outlineOf(value: unknown, key = ''): JsonValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (key === 'use') return listBuiltIns(null).includes(value) ? value : own;
    return closedKeys.has(key) && /^[a-z-]{1,20}$/.test(value) ? value : `(text of ${value.length})`;
  }
  if (Array.isArray(value)) return value.map((item) => outlineOf(item, key));
  if (typeof value !== 'object') return null;
  // Whose keys nobody here knows.
  if ('use' in value && outlineOf(value.use, 'use') === own) return { use: own };
  const known = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    // Models and variables are keys of maps that people fill.
    known.map(([name, inner], index) => [
      key === 'prices' || key === 'env' ? `(name ${index + 1})` : name,
      outlineOf(inner, name),
    ]),
  );
}

/** The machine, as far as faults hang on it. */
export function outlineOfMachine(): Readonly<Record<string, JsonValue>> {
  return {
    node: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    kernel: release(),
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
  };
}

/** The newest jobs by what they came to, step by step: kinds, codes, counts and times, and nobody's words. */
export async function outlineOfJobs(store: JobStore, call: CallOptions): Promise<readonly JsonValue[]> {
  const outlines: JsonValue[] = [];
  for await (const job of store.list({ limit: shownJobs }, call)) {
    const { phase, outcome, wait, attempt, round, checks, usage, cost, sandbox, createdAt, updatedAt } = viewJob(job);
    const journal: JsonValue[] = [];
    for await (const { at, type, data } of store.journal(job.id, 0, call))
      journal.push([at - createdAt, type, ...codesOf(data)]);
    outlines.push({
      ...{ id: job.id, phase, outcome, wait, attempt, round, usage, cost },
      checks: checks.length,
      sandbox: sandbox && { files: sandbox.files, network: sandbox.network, processes: sandbox.processes },
      createdAt: new Date(createdAt).toISOString(),
      updatedAt: new Date(updatedAt).toISOString(),
      journal,
    });
  }
  return outlines;
}

/** Which step, and which kind of error: words of Baton's own. */
function codesOf(data: JsonValue): readonly string[] {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    (key === 'step' || key === 'code' || key === 'wait' || key === 'outcome') &&
    typeof value === 'string' &&
    /^[A-Za-z_-]{1,40}$/.test(value)
      ? [value]
      : [],
  );
}

/** How much there is, over all jobs. */
export async function outlineOfStore(store: JobStore, call: CallOptions): Promise<JsonValue> {
  const open = (await Array.fromAsync(store.list({ phases: openPhases }, call))).map(({ phase }) => phase);
  const byPhase = Object.fromEntries(
    [...Map.groupBy(open, (phase) => phase)].map(([phase, all]) => [phase, all.length]),
  );
  return { open: byPhase, isPaused: (await readPause(store, call)) !== null };
}
