import type { AgentTrial, Diagnosis, Sandbox } from '@baton/core';
import { askVersion } from './ask-version.js';
import { installFix, isOlder, type ProgramRelease } from './program-release.js';

/** A program in a sandbox. */
export interface ReleasePlace {
  /** Name or absolute path. */
  readonly program: string;
  readonly release: ProgramRelease;
  readonly sandbox: Sandbox;
}

/** Whether a program is there in the sandbox, and new enough. */
export async function diagnoseRelease(place: ReleasePlace, trial: AgentTrial | undefined): Promise<Diagnosis> {
  const { program, release, sandbox } = place;
  const { check, env, oldest } = release;
  const { result, unlisted } = await askVersion({ program, sandbox, env }, trial);
  const version = result?.exitCode === 0 ? release.parseVersion(result.stdout) : null;
  if (version === null) {
    const words = (result?.stderr ?? '').trim().slice(-300).toWellFormed();
    const detail = `${program} can't be run in the sandbox${words === '' ? '' : `: ${words}`}.`;
    return { check, ok: false, detail, fix: installFix(release) };
  }
  const age = isOlder(version, oldest) ? ` is older than ${oldest}` : '';
  const fix = unlisted.length === 0 ? null : `List ${unlisted.join(' and ')} under sandbox.readable.`;
  return {
    check,
    ok: age === '' && fix === null,
    detail: `Version ${version}${age}${fix === null ? '' : ', which the sandbox does not show'}.`,
    fix: age === '' ? fix : installFix(release),
  };
}
