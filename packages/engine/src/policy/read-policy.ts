import { BatonError, type CallOptions } from '@baton/core';
import type { PolicyFigures } from '../job/job-data.js';
import type { Project } from '../project/project.js';
import type { RepositoryPolicy } from '../project/repository-policy.js';
import { contentHash } from '../text/content-hash.js';
import { shortCommit } from '../text/short-commit.js';
import { oneLine } from '../text/untrusted-text.js';

/** What a commit of the base says about the work on it. `bad`: something stands there that can't be followed. */
export type FoundPolicy =
  | { readonly kind: 'none' }
  | { readonly kind: 'policy'; readonly policy: RepositoryPolicy; readonly figures: PolicyFigures }
  | { readonly kind: 'bad'; readonly reason: string };

const longestReason = 2_000;
const mostLines = 20;
const longestLine = 200;

/** Of which commit, and of which branch it is. */
export interface PolicyBase {
  readonly branch: string;
  readonly commit: string;
}

/** Reads the policy of a base commit from git, never from a checkout. What can't be read for now rejects. */
export async function readPolicy(project: Project, base: PolicyBase, options: CallOptions = {}): Promise<FoundPolicy> {
  const { policyFile } = project;
  const { commit } = base;
  const bad = (why: string): FoundPolicy => ({ kind: 'bad', reason: describeBad(project, base, why) });
  if (policyFile === undefined) return { kind: 'none' };
  try {
    const found = [];
    for (const path of policyFile.paths) {
      const request = { repository: project.forge.repository, commit, path, maxBytes: policyFile.maxBytes };
      const text = await project.workspaces.readText(request, options);
      if (text !== null) found.push({ path, text });
    }
    const [file, other] = found;
    if (file === undefined) return { kind: 'none' };
    if (other !== undefined) return bad(`It holds both ${file.path} and ${other.path}: remove one.`);
    const policy = await policyFile.read(file);
    const summary = policy.summary.slice(0, mostLines).map((line) => oneLine(line, longestLine));
    const figures = { path: file.path, hash: contentHash(file.text), limits: policy.limits, summary };
    return { kind: 'policy', policy, figures };
  } catch (error) {
    if (!BatonError.is(error) || !unfollowable.has(error.code)) throw error;
    return bad([error.message, ...(error.fix === undefined ? [] : [`Fix: ${error.fix}`])].map(sentence).join(' '));
  }
}

/** What a job keeps of it. Null where nothing stands there, or what can't be followed: who works on that base asks a person. */
export async function readPolicyFigures(
  project: Project,
  base: PolicyBase,
  options: CallOptions = {},
): Promise<PolicyFigures | null> {
  const found = await readPolicy(project, base, options);
  return found.kind === 'policy' ? found.figures : null;
}

/** Of these, no later try at the same commit comes to anything else. */
const unfollowable: ReadonlySet<string> = new Set(['CONFIG_INVALID', 'TOO_LARGE', 'UNREADABLE']);

function describeBad({ forge }: Project, { branch, commit }: PolicyBase, why: string): string {
  const where = `the repository ${forge.repository} asks of Baton on ${branch} (at ${shortCommit(commit)})`;
  return oneLine(`What ${where} can't be followed, and nothing is done without it. ${why}`, longestReason);
}

function sentence(text: string): string {
  const said = text.trim();
  return /[.!?]$/.test(said) ? said : `${said}.`;
}
