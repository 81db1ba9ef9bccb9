import type { Sandbox, WorkspaceProvider } from '@baton/core';
import type { Git } from '../git/git.js';
import type { Signer } from '../git/signing.js';
import type { GitWorktreeSettings } from '../settings/settings.js';
import { exists } from '../vault/vault.js';
import { diagnoseDisk, diagnoseGit } from './diagnose-machine.js';
import { diagnoseRemote } from './diagnose-remote.js';
import { diagnoseSigning } from './diagnose-signing.js';

/** What the doctor is answered with. */
export interface DiagnosisParts {
  readonly git: Git;
  /** The state directory, which need not be there yet. */
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly signer: Signer;
}

/** What the provider tells a doctor: of the machine, and of remotes. */
export function createDiagnosis(
  settings: GitWorktreeSettings,
  { git, root, sandbox, signer }: DiagnosisParts,
): Required<Pick<WorkspaceProvider, 'diagnose' | 'diagnoseRemote'>> {
  return {
    async *diagnose(options) {
      yield await diagnoseGit(git, options);
      yield await diagnoseDisk(root);
      if (settings.signing !== undefined) yield await diagnoseSigning(git, signer, settings.signing, options);
      if (settings.setup !== null && (await exists(root))) {
        const isLaid = (await sandbox.canOverlay?.(root, options)) ?? false;
        const how = isLaid
          ? 'laid under each run of a check, at no cost'
          : 'copied for each run of a check, which takes longer';
        yield { check: 'setup', ok: true, detail: `What the setup makes is ${how}.`, fix: null };
      }
    },
    diagnoseRemote(request, options) {
      const leavesSubmodules = settings.submodules === 'leave';
      return diagnoseRemote(git, { ...request, leavesSubmodules }, options);
    },
  };
}
