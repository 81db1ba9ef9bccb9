import type { Gate, GateInput, GateResult, ProofInput } from '@baton/core';
import type { Rig } from '../contract.js';

/** The world around a gate. */
export interface GateRig extends Rig {
  readonly gate: Gate;
  /** Names of the checks that its evidence holds, in order. Empty for a gate that measures nothing. */
  readonly checks: readonly string[];
  /**
   * Makes a checkout that the gate judges so, and what it is asked with: with the evidence of `baseline` on
   * the base where it has one. Verdicts that this gate never gives are left out.
   */
  readonly situations: Readonly<Partial<Record<GateResult['verdict'], () => Promise<GateInput>>>>;
  /**
   * A change that has tests and recordings, with the evidence of `check` on the result, and the names of the tests that
   * show it. There are others that pass on the result and show nothing. Absent: the gate proves nothing.
   */
  readonly proof?: () => Promise<{ readonly input: ProofInput; readonly shown: readonly string[] }>;
  /** An input that the gate doesn't come to the end of by itself. `begun` resolves once the gate is at it. */
  readonly hanging?: () => Promise<{ readonly input: GateInput; readonly begun: Promise<void> }>;
  /** What runs now of all that the gate began, a word or two each. */
  processes(): Promise<readonly string[]>;
}
