import type { Gate } from '@baton/core';
import type { Limits } from './limits.js';

/** What a repository asks of the work that is done on it. It can narrow what its project says, and widen nothing. */
export interface RepositoryPolicy {
  /** Each counts where it is less than the project's. Absent or null: the project's. */
  readonly limits: Partial<Limits>;
  /** Gates that look at a change and run nothing: asked before the project's own. */
  readonly rules: readonly Gate[];
  /** Gates that run something: asked after the project's own. Their ids differ from those of every other gate. */
  readonly checks: readonly Gate[];
  /** Told to agents beside Baton's own instructions, as text of the repository. Null: nothing. */
  readonly instructions: string | null;
  /** What it asks, a line each, for people: at most 20 of 200 characters are kept. */
  readonly summary: readonly string[];
}

/** How a repository's policy is found and read. */
export interface PolicyFile {
  /** Where it may stand in the repository, from its root. It may stand in one of these places alone. */
  readonly paths: readonly [string, ...string[]];
  /** A longer file is not followed, and nothing is done without it. */
  readonly maxBytes: number;
  /** What a file says. Rejects with `CONFIG_INVALID` and every problem, with its line. Reads nothing but the text. */
  read(file: { readonly path: string; readonly text: string }): Promise<RepositoryPolicy>;
}
