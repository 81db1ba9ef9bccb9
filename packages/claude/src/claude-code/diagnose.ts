import { askVersion } from '@baton/agent-kit';
import type { AgentTrial, Diagnosis, Sandbox } from '@baton/core';
import { isOlder, oldestVersion } from './version.js';

/** Whether the program is there in the sandbox, and new enough; and the key. */
export async function* diagnoseClaudeCode(
  { program, key, keyEnv, sandbox }: { program: string; key: string | null; keyEnv: string; sandbox: Sandbox },
  trial: AgentTrial | undefined,
): AsyncGenerator<Diagnosis> {
  const { result, unlisted } = await askVersion({ program, sandbox, env: { DISABLE_AUTOUPDATER: '1' } }, trial);
  const version = /^(\d+\.\d+\.\d+\S*)/.exec(result?.stdout ?? '')?.[1] ?? null;
  const isNewEnough = version !== null && !isOlder(version);
  yield {
    check: 'claude-code',
    ok: isNewEnough && unlisted.length === 0,
    detail:
      version === null
        ? `${program} can't be run in the sandbox${result === null ? '' : `: ${result.stderr.trim().slice(-300).toWellFormed()}`}.`
        : `Version ${version}${isNewEnough ? '' : ` is older than ${oldestVersion}`}${unlisted.length === 0 ? '' : ', which the sandbox does not show'}.`,
    fix: isNewEnough
      ? unlisted.length === 0
        ? null
        : `List ${unlisted.join(' and ')} under sandbox.readable.`
      : `Install @anthropic-ai/claude-code ${oldestVersion} or newer, set program to where it is, and list the directory that it really stands in under sandbox.readable.`,
  };
  yield {
    check: 'key',
    ok: key !== null,
    detail: key === null ? `${keyEnv} is not set.` : `${keyEnv} is set; whether it is valid only a turn tells.`,
    fix: key === null ? `Set ${keyEnv} in the environment of the daemon.` : null,
  };
}
