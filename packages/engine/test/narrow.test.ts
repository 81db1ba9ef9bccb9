import { createMemoryGate } from '@baton/memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Limits, narrow, type Project, type RepositoryPolicy } from '../src/index.js';
import { createRelay } from './relay.js';

const some = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.double({ noNaN: true }));
const nullable = fc.option(some);
const limits = fc.record({
  attempts: some,
  rounds: some,
  steps: nullable,
  wallClockMs: some,
  stallMs: some,
  tokens: nullable,
  microUsd: nullable,
}) satisfies fc.Arbitrary<Limits>;
/** Also what no reader of a file would let pass. */
const asked = fc.record(
  Object.fromEntries(
    ['attempts', 'rounds', 'steps', 'wallClockMs', 'stallMs', 'tokens', 'microUsd'].map((name) => [
      name,
      fc.oneof(nullable, fc.constant(Number.NaN), fc.constant(Number.POSITIVE_INFINITY)),
    ]),
  ),
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Limits>>;
const gates = (prefix: string) =>
  fc
    .integer({ min: 0, max: 3 })
    .map((count) => Array.from({ length: count }, (_, index) => createMemoryGate({ id: `${prefix}-${index}` })));
const policies: fc.Arbitrary<RepositoryPolicy> = fc.record({
  limits: asked,
  rules: gates('rule'),
  checks: gates('check'),
  instructions: fc.option(fc.string()),
  summary: fc.array(fc.string()),
});

const { project } = createRelay();

describe('narrowing a project', () => {
  it('raises no limit, takes no gate away and touches nothing else', () => {
    fc.assert(
      fc.property(limits, gates('own'), policies, (own, operators, policy) => {
        const before: Project = { ...project, limits: own, gates: operators };
        const { limits: after, gates: judged, ...rest } = narrow(before, policy);
        for (const name of Object.keys(own) as (keyof Limits)[]) {
          expect(after[name] ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(own[name] ?? Number.POSITIVE_INFINITY);
        }
        expect(judged.filter((gate) => operators.some((each) => each === gate))).toEqual(operators);
        expect(rest).toEqual({ ...before, limits: undefined, gates: undefined });
      }),
      { seed: 20, numRuns: 500 },
    );
  });

  it('takes each limit that is smaller, and each gate', () => {
    fc.assert(
      fc.property(limits, limits, policies, (own, less, policy) => {
        const after = narrow({ ...project, limits: own }, { ...policy, limits: less });
        for (const name of Object.keys(own) as (keyof Limits)[]) {
          const smaller = Math.min(own[name] ?? Number.POSITIVE_INFINITY, less[name] ?? Number.POSITIVE_INFINITY);
          expect(after.limits[name] ?? Number.POSITIVE_INFINITY).toBe(smaller);
        }
        expect(after.gates).toHaveLength(policy.rules.length + project.gates.length + policy.checks.length);
      }),
      { seed: 21, numRuns: 500 },
    );
  });
});
