import { askVersion } from '@baton/agent-kit';
import type { AgentTrial, Diagnosis, Sandbox } from '@baton/core';
import { installFix, isOlder, oldestVersion, parseVersion } from './version.js';

/** What is looked at. */
export interface CodexPlace {
  readonly program: string;
  readonly sandbox: Sandbox;
  readonly key: string | null;
  /** Null: no key is asked for. */
  readonly keyEnv: string | null;
}

/** Whether the program is there in the sandbox, and new enough; and the key. */
export async function* diagnoseCodex(place: CodexPlace, trial: AgentTrial | undefined): AsyncGenerator<Diagnosis> {
  const { program, key, keyEnv } = place;
  const { result, unlisted } = await askVersion(place, trial);
  const version = parseVersion(result?.stdout ?? '');
  const isNewEnough = version !== null && !isOlder(version);
  yield {
    check: 'codex',
    ok: isNewEnough && unlisted.length === 0,
    detail:
      version === null
        ? `${program} can't be run in the sandbox${result === null ? '' : `: ${result.stderr.trim().slice(-300).toWellFormed()}`}.`
        : `Version ${version}${isNewEnough ? '' : ` is older than ${oldestVersion}`}${unlisted.length === 0 ? '' : ', which the sandbox does not show'}.`,
    fix: isNewEnough
      ? unlisted.length === 0
        ? null
        : `List ${unlisted.join(' and ')} under sandbox.readable.`
      : installFix,
  };
  if (keyEnv === null) return;
  yield {
    check: 'key',
    ok: key !== null,
    detail: key === null ? `${keyEnv} is not set.` : `${keyEnv} is set; whether it is valid only a turn tells.`,
    fix: key === null ? `Set ${keyEnv} in the environment of the daemon.` : null,
  };
}
