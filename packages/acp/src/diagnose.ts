import { askVersion, diagnoseProgram } from '@baton/agent-kit';
import type { AgentTrial, Diagnosis, Sandbox } from '@baton/core';
import type { AcpProgram } from './command.js';
import { presets } from './presets.js';

/** What is looked at. */
export interface AcpPlace {
  readonly program: AcpProgram;
  /** Of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Null: no key is asked for. */
  readonly keyEnv: string | null;
  /** The variable that should hold the key and doesn't. */
  readonly missingKey: string | null;
  readonly sandbox: Sandbox | null;
}

/** Whether the agent's program is there in the sandbox; and the key. */
export async function* diagnoseAcp(place: AcpPlace, trial: AgentTrial | undefined): AsyncGenerator<Diagnosis> {
  const { program, env, sandbox, keyEnv, missingKey } = place;
  if (sandbox !== null) {
    if ('preset' in program) yield await diagnosePreset(program, sandbox, trial);
    else yield* diagnoseProgram({ run: program.run, env, sandbox }, trial);
  }
  if (keyEnv === null) return;
  yield {
    check: 'key',
    ok: missingKey === null,
    detail: missingKey === null ? `${keyEnv} is set; whether it is valid only a turn tells.` : `${keyEnv} is not set.`,
    fix: missingKey === null ? null : `Set ${keyEnv} in the environment of the daemon.`,
  };
}

async function diagnosePreset(
  { preset, program = presets[preset].program }: Extract<AcpProgram, { preset: unknown }>,
  sandbox: Sandbox,
  trial: AgentTrial | undefined,
): Promise<Diagnosis> {
  const { result, unlisted } = await askVersion({ program, sandbox }, trial);
  const runs = result?.exitCode === 0;
  const words = (runs ? result.stdout : (result?.stderr ?? '')).trim().slice(-200).toWellFormed();
  if (!runs) {
    return {
      check: preset,
      ok: false,
      detail: `${program} can't be run in the sandbox. ${words}`.trim(),
      fix: `Install ${presets[preset].package}, set program to where it is, and list the directory that it really stands in under sandbox.readable.`,
    };
  }
  return unlisted.length === 0
    ? { check: preset, ok: true, detail: `Version ${words}.`, fix: null }
    : {
        check: preset,
        ok: false,
        detail: `Version ${words}, which the sandbox does not show.`,
        fix: `List ${unlisted.join(' and ')} under sandbox.readable.`,
      };
}
